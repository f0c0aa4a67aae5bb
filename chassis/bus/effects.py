"""What events do in a service: its handlers, called with what they were promised, in the caller's transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Generic, TypeVar

from marshmallow import Schema
from sqlalchemy import Connection, Row

from chassis.bus.envelope import Envelope, from_document
from chassis.bus.standing import STANDING_EFFECTS
from chassis.bus.subscriptions import EVERY_TYPE, Received, Subscription, wanted_by
from chassis.bus.watching import Handling
from chassis.db.outbox import Outgoing, Outlet
from chassis.db.work import JoinedUnitOfWork
from chassis.kernel.cause import Cause
from chassis.telemetry.telemetry import Telemetry

Store = TypeVar("Store")
Ports = TypeVar("Ports")


class Effects(Generic[Store, Ports]):
    """Applies rows of the inbox on a connection; whatever a handler raises comes out, and the caller rolls back.

    Rows that nobody wants, or whose content was not kept, do nothing.
    """

    def __init__(
        self,
        subscriptions: Sequence[Subscription[Store, Ports]],
        store: Callable[[Connection], Store],
        ports: Ports,
        outlet: Outlet,
        telemetry: Telemetry,
    ) -> None:
        self.wants = wanted_by(subscriptions)
        self._subscriptions = {each.type: each for each in subscriptions}
        self._schemas: dict[str, Schema] = {each.type: each.schema() for each in subscriptions if each.schema}
        self._store = store
        self._ports = ports
        self._outlet = outlet
        self.watch = Handling(telemetry, self.wants)

    def one(self, connection: Connection, row: Row[Any]) -> Sequence[Outgoing]:
        """Apply one event; returns what its handler recorded, for the outbox."""
        if not self._does_something(row):
            return ()
        envelope = from_document(row.envelope)
        with self.watch.of(envelope) as span:
            _take_note(connection, envelope)
            subscription = self._of(row.type)
            if subscription is None:
                return ()
            work = self._work(connection, envelope, span.traceparent)
            subscription.handle(self._received(subscription, envelope), work, self._ports)
            return work.outgoing

    def many(self, connection: Connection, rows: Sequence[Row[Any]]) -> Sequence[Outgoing]:
        """Apply events in this order, those together that a subscription takes together."""
        outgoing: list[Outgoing] = []
        wanted = filter(self._does_something, rows)
        for subscription, run in groupby(wanted, key=lambda row: self._of(row.type)):
            if subscription is not None and subscription.together is not None:
                begun = time.time()
                envelopes = [from_document(row.envelope) for row in run]
                for envelope in envelopes:
                    _take_note(connection, envelope)
                received = [self._received(subscription, envelope) for envelope in envelopes]
                last = envelopes[-1]
                subscription.together(received, self._work(connection, last, last.cause.traceparent), self._ports)
                self.watch.together(envelopes, begun)
            else:
                outgoing.extend(recorded for row in run for recorded in self.one(connection, row))
        return outgoing

    def _does_something(self, row: Row[Any]) -> bool:
        return row.envelope is not None and self.wants(row.type)

    def _of(self, event_type: str) -> Subscription[Store, Ports] | None:
        return self._subscriptions.get(event_type) or self._subscriptions.get(EVERY_TYPE)

    def _received(self, subscription: Subscription[Store, Ports], envelope: Envelope) -> Received:
        schema = self._schemas.get(subscription.type)
        return Received(envelope, dict(envelope.data) if schema is None else schema.load(envelope.data))

    def _work(self, connection: Connection, envelope: Envelope, traceparent: str | None) -> JoinedUnitOfWork[Store]:
        return JoinedUnitOfWork(self._store(connection), self._outlet, _cause(envelope, traceparent))


def _take_note(connection: Connection, envelope: Envelope) -> None:
    """Every service's own business with some of identity's events."""
    standing = STANDING_EFFECTS.get(envelope.type)
    if standing is not None:
        standing(connection, envelope.data)


def _cause(envelope: Envelope, traceparent: str | None) -> Cause:
    cause = envelope.cause
    return Cause(
        actor=cause.actor,
        correlation_id=cause.correlation_id,
        causation_id=envelope.id,
        site=cause.site,
        address=cause.address,
        traceparent=traceparent,
    )
