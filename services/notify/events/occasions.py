"""From an event as it was received to what a message is sent for."""

from __future__ import annotations

from chassis.bus.subscriptions import Received
from chassis.telemetry.tracing import current_traceparent
from services.notify.domain.occasions import Occasion


def occasion_of(event: Received) -> Occasion:
    """The event, its correlation and trace, and whoever brought it about."""
    cause, trace = event.cause, current_traceparent() or event.cause.traceparent
    return Occasion(event.id, cause.correlation_id, cause.actor, event.time, replayed=event.replayed, traceparent=trace)
