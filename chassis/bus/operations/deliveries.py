"""How history reaches one consumer, and no other: through its own queue, or straight into its inbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import NackError
from sqlalchemy import Engine

from chassis.bus.envelope import CONTENT_TYPE, Envelope
from chassis.bus.inbox import Appetite, receive
from chassis.bus.topology import queue_name

_PAUSE = 0.5


class InboxDelivery:
    """For the embedded mode, whose relays write what they send into the inboxes before they mark it as sent."""

    def __init__(self, engine: Engine, wants: Callable[[str], bool]) -> None:
        self._engine = engine
        self._appetite = Appetite(wants)

    def __call__(self, envelopes: Sequence[Envelope]) -> None:
        with self._engine.begin() as connection:
            receive(connection, envelopes, self._appetite)


class QueueDelivery:
    """Behind whatever waits in the service's queue already: what is live comes before its own repetition as history.

    `waiting` is called while the queue is full and has to be worked off first.
    """

    def __init__(self, connection: BlockingConnection, service: str, *, waiting: Callable[[], object]) -> None:
        self._connection = connection
        self._channel: BlockingChannel = connection.channel()
        self._channel.confirm_delivery()
        self._queue = queue_name(service)
        self._waiting = waiting

    def __call__(self, envelopes: Sequence[Envelope]) -> None:
        for envelope in envelopes:
            while not self._taken(envelope):
                self._waiting()
                self._connection.sleep(_PAUSE)

    def _taken(self, envelope: Envelope) -> bool:
        properties = pika.BasicProperties()
        properties.content_type, properties.message_id = CONTENT_TYPE, envelope.id
        properties.delivery_mode = pika.DeliveryMode.Persistent.value
        try:
            self._channel.basic_publish("", self._queue, envelope.to_json(), properties, mandatory=True)
        except NackError:
            return False
        return True
