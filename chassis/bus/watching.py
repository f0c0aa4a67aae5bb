"""What can be seen of events on their way: spans, counts, and log lines that bear the correlation ID (OPS-5)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row

from chassis.bus.envelope import Envelope, from_document
from chassis.bus.marks import Progress
from chassis.telemetry.meters import Outcome
from chassis.telemetry.telemetry import Telemetry
from chassis.telemetry.tracing import Attributes, Kind, Scope, Tracer

log = structlog.get_logger(__name__)

_HANDLE = "handle"
_KINDS = {"publish": Kind.PRODUCER, "receive": Kind.CONSUMER, _HANDLE: Kind.CONSUMER}


class Handling:
    """Watches the handlers of one service; `wants` says which types have an effect there."""

    def __init__(self, telemetry: Telemetry, wants: Callable[[str], bool]) -> None:
        self._tracer = telemetry.tracer
        self._meter = telemetry.meters.bus
        self._wants = wants

    @contextmanager
    def of(self, envelope: Envelope) -> Iterator[Scope]:
        """While an event is handled: its span, and its correlation ID in every line that is logged."""
        begun = time.perf_counter()
        about, parent = envelope.type, envelope.cause.traceparent
        with (
            structlog.contextvars.bound_contextvars(correlation_id=envelope.cause.correlation_id, event_type=about),
            self._tracer.span(f"{_HANDLE} {about}", Kind.CONSUMER, parent=parent, attributes=_about(about)) as span,
        ):
            yield span
        self._meter.handling_took(about, time.perf_counter() - begun)

    def together(self, envelopes: Sequence[Envelope], begun: float) -> None:
        """These were handled as one, since `begun` (`time.time`)."""
        seconds = max(0.0, time.time() - begun) / len(envelopes)
        for envelope in envelopes:
            self._meter.handling_took(envelope.type, seconds)
        if self._tracer.records:
            for envelope in envelopes:
                note(self._tracer, _HANDLE, envelope.type, envelope.cause.traceparent, begun)

    def done(self, rows: Sequence[Row[Any]], now: datetime) -> None:
        """These rows of the inbox are worked off."""
        for event_type, count in Counter(row.type for row in rows).items():
            self._meter.handled(event_type, Outcome.DONE if self._wants(event_type) else Outcome.PASSED, count)
        for row in rows:
            if row.envelope is not None:
                self._meter.took_effect((now - datetime.fromisoformat(row.envelope["time"])).total_seconds())

    def failed(self, row: Row[Any], before: Progress, after: Progress) -> None:
        """This one failed, or waits; of a failure the kind is logged, its words stay in the database."""
        if after.parked_at is not None:
            outcome = Outcome.PARKED
        else:
            outcome = Outcome.WAITED if after.attempts == before.attempts else Outcome.RETRIED
        self._meter.handled(row.type, outcome, 1)
        if outcome is not Outcome.WAITED:
            log.warning(
                "event_failed",
                outcome=outcome.value,
                source=row.source,
                subject=row.subject,
                sequence=row.sequence,
                event_type=row.type,
                attempts=after.attempts,
                error=(after.reason or "").partition(":")[0],
                correlation_id=from_document(row.envelope).cause.correlation_id,
            )


def note(tracer: Tracer, doing: str, event_type: str, parent: str | None, begun: float) -> None:
    """A span of what was done with one event of a batch: `publish`, `receive` or `handle`."""
    tracer.note(f"{doing} {event_type}", _KINDS[doing], parent=parent, begun=begun, attributes=_about(event_type))


def _about(event_type: str) -> Attributes:
    return {"messaging.system": "wardenry", "wardenry.event.type": event_type}
