"""The telemetry of a process that is scraped, traced, or both; what is not wanted is not even imported."""

from __future__ import annotations

from pathlib import Path

from chassis.telemetry.health import Drain
from chassis.telemetry.readings import Readings
from chassis.telemetry.telemetry import Telemetry
from chassis.telemetry.tracing import Tracer


def scraped(service: str, tracer: Tracer, draining: Path | None = None) -> Telemetry:
    """With meters, and what `/metrics` answers; another process may have it drain by making the file `draining`."""
    from chassis.telemetry.prometheus import PrometheusExposition  # noqa: PLC0415 (see there)
    from chassis.telemetry.prometheus_meters import PrometheusMeters  # noqa: PLC0415

    readings = Readings()
    exposition = PrometheusExposition(service, readings)
    return Telemetry(PrometheusMeters(exposition.registry), tracer, Drain(draining), readings, exposition)


def tracer_to(service: str, endpoint: str | None, ratio: float) -> Tracer:
    """What sends spans to the endpoint, or hands traces on where there is none. It is not started yet."""
    if endpoint is None:
        return Tracer()
    from chassis.telemetry.otlp import OtlpTracer  # noqa: PLC0415 (half a second, for those who want it)

    return OtlpTracer(service, endpoint, ratio)
