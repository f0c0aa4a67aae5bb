"""How events get from one service's outbox to the others' inboxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import Appetite, receive


class Transport(Protocol):
    """Carries a batch of events."""

    def publish(self, envelopes: Sequence[Envelope]) -> set[str]:
        """Deliver, and return the ids of those that are safe with whoever wants them; the rest will come again."""


@dataclass(frozen=True, slots=True)
class LocalSubscriber:
    """A service in the same process: its inbox's database, what it listens to, and how to wake its worker."""

    engine: Engine
    sources: frozenset[str]
    appetite: Appetite
    wake: Callable[[], None]


class LocalTransport:
    """The embedded mode's transport: straight into the other services' inboxes, each in a transaction of its own."""

    def __init__(self, subscribers: Sequence[LocalSubscriber]) -> None:
        self._subscribers = tuple(subscribers)

    def publish(self, envelopes: Sequence[Envelope]) -> set[str]:
        """Write to every inbox that wants the event; a failure leaves the whole batch to come again."""
        for subscriber in self._subscribers:
            wanted = [envelope for envelope in envelopes if envelope.source in subscriber.sources]
            if wanted:
                with subscriber.engine.begin() as connection:
                    receive(connection, wanted, subscriber.appetite)
                subscriber.wake()
        return {envelope.id for envelope in envelopes}
