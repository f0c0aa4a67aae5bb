"""Takes what the broker delivers into the inbox, in batches, and acknowledges it only once it is written there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from kombu.connection import Connection
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from chassis.bus.connecting import connect
from chassis.bus.envelope import Envelope, UnreadableEnvelopeError, from_json
from chassis.bus.inbox import Appetite, receive
from chassis.bus.lost_queue import MACHINERY, answer, ask_if_lost
from chassis.bus.topology import queue_name
from chassis.bus.watching import note
from chassis.telemetry.telemetry import Telemetry

_HEARTBEAT = 3

log = structlog.get_logger(__name__)


class BrokerConsumer:
    """One service's consumer, driven by a `Loop`: each step waits for what arrives and writes it down.

    Where the database fails, the batch is held unacknowledged and tried again, so that it does not come and go
    between broker and consumer. What cannot be read, or not be kept, is rejected, which parks it in the broker.
    `declare` is called at each connect, so that a broker that lost everything is furnished anew.
    """

    def __init__(
        self,
        url: str,
        service: str,
        engine: Engine,
        appetite: Appetite,
        *,
        wake: Callable[[], None],
        declare: Callable[[], object],
        batch: int = 100,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._url = url
        self._service = service
        self._engine = engine
        self._appetite = appetite
        self._wake = wake
        self._declare = declare
        self._batch = batch
        self._telemetry = telemetry or Telemetry()
        self._connection: Connection | None = None
        self._channel: Any = None
        self._arrived: list[Any] = []

    def step(self) -> bool:
        """Take in one batch, waiting up to half a second for it; raises where the broker is lost."""
        try:
            connection = self._connection or self._connect()
            self._gather(connection)
            connection.heartbeat_check()
            if self._arrived:
                self._take_in()
        except SQLAlchemyError as error:
            log.warning("inbox_not_writable", service=self._service, waiting=len(self._arrived), error=str(error)[:200])
            time.sleep(0.5)
        except Exception:
            self.close()
            raise
        return True

    def close(self) -> None:
        """Let the connection go: what was not acknowledged is delivered again."""
        connection, self._connection, self._channel = self._connection, None, None
        self._arrived = []
        if connection is not None:
            connection.collect(socket_timeout=0.5)

    def _connect(self) -> Connection:
        self._declare()
        self._connection = connect(self._url, heartbeat=_HEARTBEAT)
        ask_if_lost(self._connection, self._service, self._engine)
        self._channel = self._connection.channel()
        self._channel.basic_qos(0, 2 * self._batch, a_global=False)
        self._channel.basic_consume(queue_name(self._service), callback=self._arrived.append)
        return self._connection

    def _gather(self, connection: Connection) -> None:
        patience = 0.5
        while len(self._arrived) < self._batch:
            try:
                connection.drain_events(timeout=patience)
            except TimeoutError:
                return
            patience = 0.002

    def _take_in(self) -> None:
        for message in [each for each in self._arrived if _key(each).startswith(MACHINERY)]:
            answer(_key(message), message.body, self._engine)
        readable = [(message, envelope) for message in list(self._arrived) if (envelope := self._read(message))]
        try:
            self._write([envelope for _, envelope in readable])
        except (DataError, IntegrityError):
            self._write_one_by_one(readable)
        if self._arrived:
            self._channel.basic_ack(self._arrived[-1].delivery_tag, multiple=True)
        self._arrived.clear()
        self._wake()

    def _write(self, envelopes: Sequence[Envelope]) -> None:
        if envelopes:
            begun = time.time()
            with self._engine.begin() as connection:
                receive(connection, envelopes, self._appetite)
            self._tell(envelopes, begun)

    def _write_one_by_one(self, readable: Sequence[tuple[Any, Envelope]]) -> None:
        """As the database will not have all of them: the one that it refuses must not hold up its neighbours."""
        for message, envelope in readable:
            try:
                self._write([envelope])
            except (DataError, IntegrityError) as error:
                self._reject(message, f"the database does not take it: {type(error.orig).__name__}")

    def _tell(self, envelopes: Sequence[Envelope], begun: float) -> None:
        self._telemetry.meters.bus.received(len(envelopes))
        if self._telemetry.tracer.records:
            for envelope in envelopes:
                note(self._telemetry.tracer, "receive", envelope.type, envelope.cause.traceparent, begun)

    def _read(self, message: Any) -> Envelope | None:
        if _key(message).startswith(MACHINERY):
            return None
        try:
            return from_json(message.body)
        except UnreadableEnvelopeError as error:
            self._reject(message, str(error))
            return None

    def _reject(self, message: Any, reason: str) -> None:
        self._telemetry.meters.bus.unreadable()
        log.warning("event_unreadable", service=self._service, reason=reason)
        self._channel.basic_reject(message.delivery_tag, requeue=False)
        self._arrived.remove(message)


def _key(message: Any) -> str:
    routing_key: str = message.delivery_info["routing_key"]
    return routing_key
