"""What a service is handed to be seen by: made by the process that runs it, and by default seen by nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from chassis.telemetry.health import Drain
from chassis.telemetry.meters import Meters
from chassis.telemetry.readings import Readings
from chassis.telemetry.tracing import Tracer


class Exposition(Protocol):
    """What Prometheus is told."""

    def answer(self, accept: str) -> tuple[str, bytes]:
        """Content type and content, in a form that the `Accept` header allows."""


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The eyes on one service in one process; `exposition` is what `/metrics` answers, None where there is none."""

    meters: Meters = field(default_factory=Meters)
    tracer: Tracer = field(default_factory=Tracer)
    drain: Drain = field(default_factory=Drain)
    readings: Readings = field(default_factory=Readings)
    exposition: Exposition | None = None
