"""What the broker alone allows: publishing with confirms in flight, and consuming, without any database."""

from __future__ import annotations

import time
from typing import Any

import amqp
from kombu.connection import Connection

from tests.bench.bus.bare import declare_queue, message
from tests.bench.bus.ground import Ground

_QUEUE = "limits"
_IN_FLIGHT = 200


def publishing(ground: Ground, count: int) -> float:
    """Messages a second, persistent, to a quorum queue, two hundred in flight."""
    declare_queue(ground.broker, _QUEUE)
    body = message(0)
    with Connection(ground.broker) as connection:
        channel: Any = connection.channel()
        channel.confirm_select()
        confirmed = [0]

        def acked(tag: int, multiple: bool) -> None:
            confirmed[0] = tag if multiple else confirmed[0] + 1

        channel.events["basic_ack"].add(acked)
        begun = time.monotonic()
        for number in range(1, count + 1):
            channel.basic_publish(amqp.Message(body, delivery_mode=2), exchange="", routing_key=_QUEUE, mandatory=True)
            while number - confirmed[0] >= _IN_FLIGHT or (number == count and confirmed[0] < count):
                connection.drain_events(timeout=30)
        return count / (time.monotonic() - begun)


def consuming(ground: Ground, count: int) -> float:
    """Messages a second out of the queue that `publishing` filled, acknowledged a hundred at a time."""
    with Connection(ground.broker) as connection:
        channel: Any = connection.channel()
        channel.basic_qos(0, _IN_FLIGHT, a_global=False)
        arrived = [0]

        def take(message: Any) -> None:
            arrived[0] += 1
            if arrived[0] % 100 == 0 or arrived[0] == count:
                channel.basic_ack(message.delivery_tag, multiple=True)

        channel.basic_consume(_QUEUE, callback=take)
        begun = time.monotonic()
        while arrived[0] < count:
            connection.drain_events(timeout=30)
        return count / (time.monotonic() - begun)
