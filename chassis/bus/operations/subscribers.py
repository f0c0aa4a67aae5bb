"""Outside consumers: each a queue and a user of its own, that may take what the operator listed and nothing else.

The operator makes the queue and the user may not: it could declare one that refuses when it is full, and so hold up
whoever publishes. A queue that nobody reads drops its oldest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema, fields
from pika.adapters.blocking_connection import BlockingConnection

from chassis.bus.broker import other_channel
from chassis.bus.inbox import SEALED
from chassis.bus.operations.lag import depth
from chassis.bus.operations.management import Management, Permissions
from chassis.bus.operations.rebuilding import unbind
from chassis.bus.topology import EXCHANGE, MOST_BYTES, MOST_MESSAGES, WantedQueue, bind, create

PREFIX: Final = "subscriber."
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")

_NEVER = "identity.code."
_NOTHING = "^$"
_DELIVERY_LIMIT = 20
_USER_LIMITS = {"max-connections": 10, "max-channels": 50}


class SubscriberError(Exception):
    """What was asked for an outside consumer cannot be; the message says why."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An outside consumer, with the types that it may take."""

    name: str
    types: tuple[str, ...]

    @property
    def queue(self) -> str:
        """The name of its queue, and of its user."""
        return PREFIX + self.name


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding: a password only for one that is new, or asked for a new one."""

    subscriber: Subscriber
    password: str | None


def open_types(published: Mapping[str, type[Schema]]) -> list[str]:
    """Of the published types those that somebody outside may take: nothing of codes, and nothing that is sealed."""
    return sorted(name for name, schema in published.items() if not name.startswith(_NEVER) and not _seals(schema()))


class Subscribers:
    """The outside consumers of one virtual host."""

    def __init__(
        self,
        connection: BlockingConnection,
        management: Management,
        allowed: Collection[str],
        new_password: Callable[[], str],
    ) -> None:
        self._connection = connection
        self._management = management
        self._allowed = frozenset(allowed)
        self._new_password = new_password

    def add(self, name: str, types: Collection[str], *, new_password: bool = False) -> Added:
        """Make the consumer, or have the one of this name take these types from now on, and no others.

        Raises `SubscriberError` for a name or a type that cannot be, and for a user that is somebody else's.
        """
        subscriber = self._checked(name, types)
        known = self._find(name)
        if known is None and self._management.user(subscriber.queue):
            raise SubscriberError(f"The user {subscriber.queue} serves another virtual host: take another name.")
        create(self._connection, WantedQueue(subscriber.queue, _arguments()))
        bound = self._management.keys(subscriber.queue, EXCHANGE.name)
        unbind(self._connection, subscriber.queue, tuple(bound - set(subscriber.types)))
        password = self._new_password() if known is None or new_password else None
        if password is not None:
            self._management.put_user(subscriber.queue, password)
            self._management.limit_user(subscriber.queue, _USER_LIMITS)
        self._management.permit(subscriber.queue, _permissions(subscriber))
        bind(self._connection, subscriber.queue, subscriber.types)
        return Added(subscriber, password)

    def all(self) -> list[Subscriber]:
        """Every outside consumer, by name."""
        names = (each.removeprefix(PREFIX) for each in self._management.users_permitted() if each.startswith(PREFIX))
        return [found for name in names if (found := self._find(name))]

    def waiting(self, name: str) -> int:
        """How many messages its queue holds."""
        return depth(self._connection, PREFIX + name) or 0

    def remove(self, name: str) -> None:
        """Remove the consumer, its user and its queue with all that is in it; raises `SubscriberError`."""
        if self._find(name) is None:
            raise SubscriberError(f"There is no outside consumer {name}.")
        self._management.delete_user(PREFIX + name)
        with other_channel(self._connection) as channel:
            channel.queue_delete(PREFIX + name)

    def _find(self, name: str) -> Subscriber | None:
        if PREFIX + name not in self._management.users_permitted():
            return None
        pattern = self._management.keys_readable(PREFIX + name, EXCHANGE.name) or ""
        return Subscriber(name, tuple(sorted(key for key in self._allowed if re.search(pattern, key))))

    def _checked(self, name: str, types: Collection[str]) -> Subscriber:
        if not NAME.fullmatch(name):
            raise SubscriberError(f"{name!r} cannot be a name: small letters, digits and dashes, at most 40.")
        for each in sorted(set(types) - self._allowed):
            secret = each.startswith(_NEVER)
            raise SubscriberError(
                f"{each} is for notify alone." if secret else f"{each} is no type that somebody outside may take."
            )
        return Subscriber(name, tuple(sorted(set(types))))


def _permissions(subscriber: Subscriber) -> Permissions:
    """To bind is to write to the queue and to read from the exchange; that is no permission to publish."""
    own = re.escape(subscriber.queue)
    return Permissions(
        configure=_NOTHING,
        write=f"^{own}$",
        read=f"^({own}|{re.escape(EXCHANGE.name)})$",
        exchange=EXCHANGE.name,
        keys_written=_NOTHING,
        keys_read=f"^({'|'.join(re.escape(each) for each in subscriber.types)})$",
    )


def _arguments() -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-overflow": "drop-head",
        "x-max-length": MOST_MESSAGES,
        "x-max-length-bytes": MOST_BYTES,
        "x-delivery-limit": _DELIVERY_LIMIT,
    }


def _seals(schema: Schema) -> bool:
    return any((field.data_key or name) == SEALED or _seals_within(field) for name, field in schema.fields.items())


def _seals_within(field: Any) -> bool:
    inner = field.inner if isinstance(field, fields.List) else field
    return isinstance(inner, fields.Nested) and _seals(inner.schema)
