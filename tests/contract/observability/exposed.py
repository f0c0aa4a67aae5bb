"""Every metric that the services really tell Prometheus of: each is wired as its processes wire it."""

from __future__ import annotations

from pathlib import Path

from chassis.telemetry.process import scraped
from chassis.telemetry.tracing import Tracer
from tests.e2e.distributed import Distributed
from wardenry.distributed.workers import Workers
from wardenry.registry import SERVICES, bootstrap_of

_PARTS = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}
_NOWHERE = "amqp://nobody@127.0.0.1:1//"


def exposed(folder: Path) -> set[str]:
    """The names of all their series."""
    made = Distributed(folder, {service: f"sqlite:///{folder / service}.sqlite" for service in SERVICES}, _NOWHERE)
    made.post_office.start()
    made.post_office.stop()
    return {name for service in SERVICES for name in _of(service, dict(made.variables))}


def _of(service: str, environment: dict[str, str]) -> set[str]:
    telemetry = scraped(service, Tracer())
    assembled = bootstrap_of(service).build_from_environment(environment, telemetry)
    assembled.migrate()
    Workers(assembled, _NOWHERE, declare=lambda: None)
    told = assembled.app.test_client().get("/metrics").get_data(as_text=True)
    assembled.engine.dispose()
    return {name for line in told.splitlines() if line.startswith("# TYPE ") for name in _series(*line.split()[2:4])}


def _series(name: str, kind: str) -> set[str]:
    return {name + part for part in _PARTS.get(kind, ("",))}
