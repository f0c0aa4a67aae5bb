"""Every request is counted and traced by its route; probes and scrapes are not, and paths appear nowhere (OPS-5)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from structlog.testing import capture_logs

from chassis.telemetry.otlp import OtlpTracer
from chassis.telemetry.process import scraped
from tests.unit.chassis.web.sample import Sample, person

BASE = "/api/sample/v1"
CALLERS = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Watched(Sample):
    def __init__(self, engine: Engine) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracer = OtlpTracer("sample", "http://collector.invalid", 1.0, exporter=self.exporter)
        self.tracer.start()
        super().__init__(engine, telemetry=scraped("sample", self.tracer))

    def metrics(self) -> str:
        answer = self.client.get("/metrics")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def counted(self) -> dict[tuple[str, str, str], float]:
        return {
            (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
            for family in text_string_to_metric_families(self.metrics())
            for sample in family.samples
            if sample.name == "wardenry_http_requests_total"
        }


@pytest.fixture
def watched(engine: Engine) -> Iterator[Watched]:
    sample = Watched(engine)
    yield sample
    sample.tracer.stop()


def test_requests_are_counted_by_route__OPS_5(watched: Watched) -> None:
    watched.client.get(f"{BASE}/who", headers=watched.headers(person()))
    watched.client.get(f"{BASE}/who")
    watched.client.get(f"{BASE}/odd/boom")
    watched.client.get("/practices/123456789")
    watched.client.open("/practices/123456789", method="BREW")
    with capture_logs() as lines:
        for path in ("/livez", "/readyz", "/metrics"):
            assert watched.client.get(path).status_code == 200
    assert not lines
    assert watched.counted() == {
        ("GET", f"{BASE}/who", "2xx"): 2,
        ("GET", f"{BASE}/odd/boom", "5xx"): 1,
        ("GET", "none", "4xx"): 1,
        ("other", "none", "4xx"): 1,
    }
    assert "123456789" not in watched.metrics()


def test_the_callers_trace_goes_on_into_events_and_logs__OPS_5(watched: Watched) -> None:
    watched.client.get(f"{BASE}/who", headers=watched.headers(person(), traceparent=CALLERS))
    watched.client.get("/livez", headers={"traceparent": CALLERS})
    watched.tracer.stop()
    (span,) = watched.exporter.get_finished_spans()
    assert span.name == f"GET {BASE}/who"
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == CALLERS.split("-")[2]
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": f"{BASE}/who",
        "http.response.status_code": 200,
    }


def test_a_failed_request_is_a_failed_span__OPS_5(watched: Watched) -> None:
    watched.client.get(f"{BASE}/odd/boom")
    watched.tracer.stop()
    (span,) = watched.exporter.get_finished_spans()
    assert not span.status.is_ok


def test_whether_it_is_ready_is_a_metric_too__OPS_5(watched: Watched) -> None:
    assert "wardenry_ready 1.0" in watched.metrics()


def test_without_a_scraper_there_are_no_metrics__OPS_5(sample: Sample) -> None:
    assert sample.client.get("/metrics").status_code == 404
