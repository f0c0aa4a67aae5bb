"""Messages from one queue to another: each confirmed where it goes before it is acknowledged where it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection

from chassis.bus.broker import other_channel

_BROKERS_OWN = ("x-delivery-count", "x-acquired-count")


def move_all(connection: BlockingConnection, source: str, target: str) -> int:
    """Move what is ready in `source`, until nothing is; returns how many. Killed in between, a message is in both."""
    moved = 0
    with other_channel(connection) as channel:
        channel.confirm_delivery()
        while (taken := take(channel, source)) is not None:
            put(channel, target, taken)
            channel.basic_ack(taken.tag)
            moved += 1
    return moved


class Taken:
    """A message that was taken and not acknowledged yet: nobody else sees it for as long."""

    def __init__(self, method: Any, properties: pika.BasicProperties, body: bytes) -> None:
        self.tag: int = method.delivery_tag
        self.key: str = method.routing_key
        self.properties = properties
        self.body = body

    @property
    def headers(self) -> dict[str, Any]:
        """Its headers, none if it has none."""
        return dict(self.properties.headers or {})


def take(channel: BlockingChannel, queue: str) -> Taken | None:
    """The queue's first message, or None."""
    method, properties, body = channel.basic_get(queue)
    if method is None or properties is None:
        return None
    return Taken(method, properties, body or b"")


def put(channel: BlockingChannel, queue: str, taken: Taken, *, without: Callable[[str], bool] | None = None) -> None:
    """Put a copy into that queue alone and wait until it is safe there; headers that `without` names are left out.

    Raises `pika.exceptions.UnroutableError` where there is no such queue, `NackError` where it is full.
    """
    headers = {
        name: value
        for name, value in taken.headers.items()
        if name not in _BROKERS_OWN and not (without and without(name))
    }
    properties = taken.properties
    properties.headers = headers or None
    properties.delivery_mode = pika.DeliveryMode.Persistent.value
    channel.basic_publish("", queue, taken.body, properties, mandatory=True)
