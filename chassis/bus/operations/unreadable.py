"""What the broker has set aside for a service, because it could not be read or brought its consumer down."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection

from chassis.bus.broker import other_channel
from chassis.bus.envelope import UnreadableEnvelopeError, from_json
from chassis.bus.operations.lag import depth
from chassis.bus.operations.moving import Taken, put, take
from chassis.bus.topology import parked_name, queue_name

_KEY_LENGTH = 12

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message in a parked queue, known by the first digits of its SHA-256, as it may lack everything else."""

    key: str
    size: int
    routing_key: str
    cause: str
    wrong: str
    parked_at: datetime | None
    body: bytes = b""


def unreadable(connection: BlockingConnection, service: str, *, most: int) -> list[Unreadable]:
    """The first messages of the parked queue, without their bodies; all stay where they are."""
    with other_channel(connection) as channel:
        return [_told(taken) for taken in _each(channel, parked_name(service), most)]


def unreadable_one(connection: BlockingConnection, service: str, key: str) -> Unreadable | None:
    """A message with its body; it stays where it is."""
    with other_channel(connection) as channel:
        for taken in _each(channel, parked_name(service), depth(connection, parked_name(service)) or 0):
            if _key(taken.body) == key:
                return _told(taken, with_body=True)
    return None


def replay(connection: BlockingConnection, service: str, keys: Collection[str] | None) -> int:
    """Give messages (all, where `keys` is None) back to the service's queue; returns how many.

    Each is safe there before it is acknowledged here. What still cannot be read comes back.
    """

    def give_back(channel: BlockingChannel, taken: Taken) -> None:
        put(channel, queue_name(service), taken, without=lambda name: "-death" in name)

    return _settle(connection, service, keys, give_back)


def drop(connection: BlockingConnection, service: str, key: str, *, by: str, why: str) -> int:
    """Remove messages with this content for good, and write to the log who did so and why; returns how many."""

    def tell(_: BlockingChannel, taken: Taken) -> None:
        told = _told(taken)
        log.warning("message_dropped", of=service, key=key, size=told.size, wrong=told.wrong, by=by, why=why)

    return _settle(connection, service, {key}, tell)


def _settle(connection: BlockingConnection, service: str, keys: Collection[str] | None, act: Any) -> int:
    settled = 0
    with other_channel(connection) as channel:
        channel.confirm_delivery()
        for taken in _each(channel, parked_name(service), depth(connection, parked_name(service)) or 0):
            if keys is None or _key(taken.body) in keys:
                act(channel, taken)
                channel.basic_ack(taken.tag)
                settled += 1
    return settled


def _each(channel: BlockingChannel, queue: str, most: int) -> Iterator[Taken]:
    """Each message once; what is not acknowledged goes back as the channel closes."""
    for _ in range(most):
        taken = take(channel, queue)
        if taken is None:
            return
        yield taken


def _told(taken: Taken, *, with_body: bool = False) -> Unreadable:
    deaths: list[dict[str, Any]] = taken.headers.get("x-death") or [{}]
    first = deaths[-1]
    keys = first.get("routing-keys") or [taken.key]
    return Unreadable(
        key=_key(taken.body),
        size=len(taken.body),
        routing_key=str(keys[0]),
        cause=str(first.get("reason", "unknown")),
        wrong=_wrong(taken.body),
        parked_at=_moment(first.get("time")),
        body=taken.body if with_body else b"",
    )


def _key(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:_KEY_LENGTH]


def _wrong(body: bytes) -> str:
    try:
        from_json(body)
    except UnreadableEnvelopeError as error:
        return str(error)
    return "it can be read"


def _moment(value: Any) -> datetime | None:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None
