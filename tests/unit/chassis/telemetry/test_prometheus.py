"""What Prometheus is told: names and units by its conventions, few label values, each process in a registry (OPS-5)."""

from __future__ import annotations

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from chassis.telemetry.meters import Outcome
from chassis.telemetry.process import scraped
from chassis.telemetry.prometheus import PrometheusExposition
from chassis.telemetry.prometheus_meters import PrometheusMeters
from chassis.telemetry.readings import Figure, Readings
from chassis.telemetry.tracing import Tracer


def _told(exposition: PrometheusExposition) -> dict[str, float]:
    content_type, content = exposition.answer("")
    assert content_type.startswith("text/plain")
    return {
        sample.name + "".join(f",{name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(content.decode())
        for sample in family.samples
    }


def test_what_is_counted_is_told__OPS_5() -> None:
    readings = Readings()
    readings.add("bus", lambda: [Figure("wardenry_outbox_waiting", "Waiting", 7)])
    exposition = PrometheusExposition("sample", readings)
    meters = PrometheusMeters(exposition.registry)
    meters.http.answered("GET", "/api/sample/v1/notes/<id>", 404, 0.03)
    meters.bus.handled("identity.account.created.v1", Outcome.DONE, 1)
    meters.bus.took_effect(-0.5)
    meters.connections.offered(20)
    meters.connections.taken()
    told = _told(exposition)
    assert told["wardenry_http_requests_total,method=GET,route=/api/sample/v1/notes/<id>,status=4xx"] == 1
    assert told["wardenry_bus_handled_total,outcome=done,type=identity.account.created.v1"] == 1
    assert told["wardenry_bus_lag_seconds_sum"] == 0
    assert told["wardenry_outbox_waiting"] == 7
    assert (told["wardenry_database_connections_limit"], told["wardenry_database_connections_in_use"]) == (20, 1)
    assert any(name.startswith("wardenry_build_info,service=sample") for name in told)
    assert not any(name.startswith("wardenry_hashing") for name in told), "nobody hashes here"


def test_label_values_stay_few_whatever_arrives__OPS_8() -> None:
    exposition = PrometheusExposition("sample", Readings())
    meters = PrometheusMeters(exposition.registry)
    for number in range(5_000):
        meters.bus.handled(f"identity.forged_{number}.v1", Outcome.DONE, 1)
    types = {sample for sample in _told(exposition) if sample.startswith("wardenry_bus_handled_total")}
    assert len(types) <= 201
    assert "wardenry_bus_handled_total,outcome=done,type=other" in types


def test_two_services_in_one_process_know_nothing_of_each_other__OPS_5() -> None:
    one, other = scraped("one", Tracer()), scraped("other", Tracer())
    one.meters.http.answered("GET", "/x", 200, 0.1)
    other.meters.http.answered("GET", "/y", 200, 0.1)
    assert one.exposition is not None
    content = one.exposition.answer("")[1]
    assert b'route="/x"' in content
    assert b'route="/y"' not in content
    from prometheus_client import REGISTRY  # noqa: PLC0415 (the library's own, which nothing here may touch)

    assert b"wardenry_" not in generate_latest(REGISTRY)
