"""Publishes batches to RabbitMQ with pipelined confirms; what is not confirmed, or comes back, is not safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

import amqp
import structlog
from kombu.connection import Connection

from chassis.bus.connecting import WITHIN, connect
from chassis.bus.envelope import CONTENT_TYPE, Envelope
from chassis.bus.topology import EXCHANGE
from chassis.telemetry.meters import BusMeter

_PERSISTENT = 2

log = structlog.get_logger(__name__)


class BrokerTransport:
    """The distributed mode's transport. One thread at a time may use it; it connects at first use and after losses.

    `declare` is called at each connect, so that a broker that lost everything is furnished anew. `heard` says whether
    any service listens to what is published: then an event that no queue takes comes back, and is not safe.
    """

    def __init__(
        self,
        url: str,
        *,
        declare: Callable[[], object],
        heard: bool = True,
        confirm_within: float = WITHIN,
        meter: BusMeter | None = None,
    ) -> None:
        self._url = url
        self._declare = declare
        self._heard = heard
        self._confirm_within = confirm_within
        self._meter = meter or BusMeter()
        self._connection: Connection | None = None
        self._confirms: _Confirms | None = None

    def publish(self, envelopes: Sequence[Envelope]) -> set[str]:
        """Publish all, then wait for the broker's answers; raises where the broker cannot be reached."""
        try:
            confirms = self._confirms or self._connect()
            for envelope in envelopes:
                confirms.publish(envelope)
            safe = confirms.settled(time.monotonic() + self._confirm_within)
            if confirms.unroutable:
                self._go_unfurnished(confirms.unroutable)
            return safe
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Let the connection go; what was not confirmed counts as not sent."""
        connection, self._connection, self._confirms = self._connection, None, None
        if connection is not None:
            connection.collect(socket_timeout=0.5)

    def _go_unfurnished(self, count: int) -> None:
        """Events came back, for want of a queue: the next connection furnishes the broker again."""
        log.warning("events_unroutable", count=count)
        self._meter.unroutable(count)
        self.close()

    def _connect(self) -> _Confirms:
        self._declare()
        self._connection = connect(self._url)
        self._confirms = _Confirms(self._connection, mandatory=self._heard)
        return self._confirms


class _Confirms:
    """Counts a channel's delivery tags and gathers acks, nacks and returns for them."""

    def __init__(self, connection: Connection, *, mandatory: bool) -> None:
        self._connection = connection
        self._mandatory = mandatory
        self._channel: Any = connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._returned)
        self._tag = 0
        self._open: dict[int, str] = {}
        self._safe: set[str] = set()
        self._returned_ids: set[str] = set()

    @property
    def unroutable(self) -> int:
        """How many of those last settled came back, as no queue wanted them."""
        return len(self._returned_ids)

    def publish(self, envelope: Envelope) -> None:
        message = amqp.Message(
            envelope.to_json(), content_type=CONTENT_TYPE, delivery_mode=_PERSISTENT, message_id=envelope.id
        )
        self._tag += 1
        self._open[self._tag] = envelope.id
        self._channel.basic_publish(
            message, exchange=EXCHANGE.name, routing_key=envelope.type, mandatory=self._mandatory
        )

    def settled(self, deadline: float) -> set[str]:
        while self._open:
            self._connection.drain_events(timeout=max(0.001, deadline - time.monotonic()))
        safe = self._safe - self._returned_ids
        self._safe = set()
        return safe

    def _acked(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 (py-amqp's signature)
        self._safe.update(self._take(tag, multiple=multiple))

    def _nacked(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 (py-amqp's signature)
        self._take(tag, multiple=multiple)

    def _returned(self, _error: Exception, _exchange: str, _key: str, message: amqp.Message) -> None:
        self._returned_ids.add(message.properties["message_id"])

    def _take(self, tag: int, *, multiple: bool) -> list[str]:
        if not multiple:
            return [self._open.pop(tag)] if tag in self._open else []
        upto = list(takewhile(lambda each: each <= tag, self._open))
        return [self._open.pop(each) for each in upto]
