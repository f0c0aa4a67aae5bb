"""What must stand in the broker before the first event: exchange, queues, bindings (`events.md`, Envelope)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import structlog
from kombu.entity import Exchange
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import ChannelClosedByBroker

from chassis.bus.broker import connected, other_channel

EXCHANGE = Exchange("wardenry.events", type="topic", durable=True)
EXCHANGE_TYPE: Final = "topic"

REPUBLISH: Final = "bus.republish"
"""Routing key of the request to publish again; every service's queue is bound to it."""

DELIVERY_LIMIT: Final = 100
"""How often a message may bring its consumer down before it is set aside: RabbitMQ 3 knows no limit by itself, 4 takes
20, which a consumer that cannot start reaches in an hour with good messages."""

NO_DELIVERY_LIMIT: Final = 2**31 - 1
"""Of a parked queue: to look at a message and put it back counts, and 4.x drops what was looked at 20 times."""

MOST_MESSAGES: Final = 10_000_000
MOST_BYTES: Final = 16 * 2**30
"""What a queue holds at most, whatever a policy says: a policy can only lower what stands in the arguments."""

PARKED_SUFFIX: Final = ".parked"
_PREFIX: Final = "wardenry."
_HEARTBEAT: Final = 3
_NOT_FOUND, _PRECONDITION_FAILED = 404, 406

log = structlog.get_logger(__name__)


class TopologyError(Exception):
    """The broker holds something of our names that is nothing of ours; the message says what to do."""


@dataclass(frozen=True, slots=True)
class WantedQueue:
    """A queue as it must be: its arguments (for good: other ones need another queue) and what it is bound to."""

    name: str
    arguments: Mapping[str, Any]
    keys: tuple[str, ...] = ()


class Standing(StrEnum):
    """How a queue that is wanted stands in the broker."""

    ABSENT = "absent"
    AS_WANTED = "as wanted"
    OTHER_ARGUMENTS = "other arguments"


@dataclass(frozen=True, slots=True)
class Declared:
    """What came of a declaration: the queues that were not there before, and those that have other arguments.

    What was published while a queue was not there it never got: see `wardenry bus replay`.
    """

    created: frozenset[str]
    differing: Mapping[str, str]


def queue_name(service: str) -> str:
    """The name of a service's queue."""
    return _PREFIX + service


def parked_name(service: str) -> str:
    """The name of the queue for what a service could not read at all."""
    return queue_name(service) + PARKED_SUFFIX


def service_of(queue: str) -> str:
    """The service whose queue, or parked queue, it is."""
    return queue.removeprefix(_PREFIX).removesuffix(PARKED_SUFFIX)


def wanted_queues(listeners: Mapping[str, Sequence[str]]) -> list[WantedQueue]:
    """The queues for `listeners` (service to the sources it listens to); each one's parked queue before itself."""
    queues = []
    for service, sources in listeners.items():
        queues.append(WantedQueue(parked_name(service), _parked_arguments()))
        keys = (*(f"{source}.#" for source in sources), REPUBLISH)
        queues.append(WantedQueue(queue_name(service), _arguments(service), keys))
    return queues


def declare(url: str, listeners: Mapping[str, Sequence[str]]) -> Declared:
    """Declare everything for `listeners` (service to the sources it listens to); again and again is harmless.

    Every service's queue must be there before anyone publishes: what is published earlier, a queue never gets. A queue
    that stands there with other arguments, as an earlier version's does, is used as it is and told in the log;
    `wardenry bus declare` rebuilds it. Raises `TopologyError` where the exchange is none of ours.
    """
    created, differing = set(), {}
    with connected(url, heartbeat=_HEARTBEAT) as connection:
        declare_exchange(connection)
        for queue in wanted_queues(listeners):
            standing, detail = look_at(connection, queue)
            if standing is Standing.ABSENT:
                create(connection, queue)
                created.add(queue.name)
            elif standing is Standing.OTHER_ARGUMENTS:
                differing[queue.name] = detail
                log.warning("queue_differs", queue=queue.name, detail=detail, remedy="run `wardenry bus declare`")
            bind(connection, queue.name, queue.keys)
    return Declared(frozenset(created), differing)


def declare_exchange(connection: BlockingConnection) -> None:
    """Make the exchange, or find it as it must be; raises `TopologyError` for another of its name."""
    try:
        with other_channel(connection) as channel:
            channel.exchange_declare(EXCHANGE.name, EXCHANGE_TYPE, durable=True)
    except ChannelClosedByBroker as error:
        if error.reply_code != _PRECONDITION_FAILED:
            raise
        raise TopologyError(
            f"{EXCHANGE.name} is there, but no durable topic exchange ({error.reply_text}): remove it, or give Wardenry"
            " a virtual host of its own."
        ) from error


def look_at(connection: BlockingConnection, queue: WantedQueue) -> tuple[Standing, str]:
    """How the queue stands, and what the broker says of a difference; changes nothing."""
    if not queue_is_there(connection, queue.name):
        return Standing.ABSENT, ""
    try:
        create(connection, queue)
    except ChannelClosedByBroker as error:
        if error.reply_code != _PRECONDITION_FAILED:
            raise
        return Standing.OTHER_ARGUMENTS, error.reply_text.removeprefix("PRECONDITION_FAILED - ")
    return Standing.AS_WANTED, ""


def queue_is_there(connection: BlockingConnection, name: str) -> bool:
    """Whether a queue of this name is in the broker."""
    return _found(connection, lambda channel: channel.queue_declare(name, passive=True))


def exchange_is_there(connection: BlockingConnection) -> bool:
    """Whether the exchange is in the broker."""
    return _found(connection, lambda channel: channel.exchange_declare(EXCHANGE.name, passive=True))


def _found(connection: BlockingConnection, ask: Callable[[BlockingChannel], object]) -> bool:
    try:
        with other_channel(connection) as channel:
            ask(channel)
    except ChannelClosedByBroker as error:
        if error.reply_code != _NOT_FOUND:
            raise
        return False
    return True


def create(connection: BlockingConnection, queue: WantedQueue) -> None:
    """Make the queue; where it is there as wanted, nothing happens."""
    with other_channel(connection) as channel:
        channel.queue_declare(queue.name, durable=True, arguments=dict(queue.arguments))


def bind(connection: BlockingConnection, queue: str, keys: Sequence[str]) -> None:
    """Bind the queue to the exchange by these keys."""
    with other_channel(connection) as channel:
        for key in keys:
            channel.queue_bind(queue, EXCHANGE.name, key)


def _arguments(service: str) -> dict[str, Any]:
    """At-least-once dead lettering needs the overflow to refuse; both are silently otherwise if either is missing."""
    return {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-max-length": MOST_MESSAGES,
        "x-max-length-bytes": MOST_BYTES,
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": parked_name(service),
        "x-dead-letter-strategy": "at-least-once",
    }


def _parked_arguments() -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-max-length": MOST_MESSAGES,
        "x-max-length-bytes": MOST_BYTES,
        "x-delivery-limit": NO_DELIVERY_LIMIT,
    }
