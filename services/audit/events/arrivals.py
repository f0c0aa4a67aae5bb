"""From an event as it was received to an arrival at the log."""

from __future__ import annotations

from chassis.bus.subscriptions import Received
from services.audit.domain.entry import Arrival


def arrival_of(received: Received) -> Arrival:
    """The event as it came, whatever of its data anybody here knows."""
    envelope = received.envelope
    return Arrival(
        event_id=envelope.id,
        source=envelope.source,
        type=envelope.type,
        subject=envelope.subject,
        sequence=envelope.sequence,
        time=envelope.time,
        actor=envelope.cause.actor,
        site=envelope.cause.site,
        address=envelope.cause.address,
        correlation_id=envelope.cause.correlation_id,
        causation_id=envelope.cause.causation_id,
        data=envelope.data,
    )
