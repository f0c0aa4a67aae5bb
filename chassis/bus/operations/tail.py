"""Watching events pass, without taking anything away from anybody."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from pika.adapters.blocking_connection import BlockingConnection
from sqlalchemy import Connection, Engine, func, select

from chassis.bus.broker import other_channel
from chassis.bus.relay import envelope_of
from chassis.bus.topology import EXCHANGE
from chassis.db.tables import outbox

_LOOK_EVERY = 0.25
_AT_ONCE = 500
_HELD_BACK = 10_000
_ONE_WORD, _ANY_WORDS = "*", "#"


def passing_broker(connection: BlockingConnection, patterns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The documents of events as they pass the exchange, for ever; what is no JSON object is told as such.

    Whoever reads slowly loses the oldest, and holds up nobody.
    """
    with other_channel(connection) as channel:
        name = f"wardenry.tail.{secrets.token_hex(6)}"
        arguments = {"x-max-length": _HELD_BACK, "x-overflow": "drop-head"}
        channel.queue_declare(name, exclusive=True, auto_delete=True, arguments=arguments)
        for pattern in patterns:
            channel.queue_bind(name, EXCHANGE.name, pattern)
        for method, _, body in channel.consume(name, auto_ack=True, exclusive=True):
            if method is not None:
                yield _document(method.routing_key, body or b"")


def passing_outboxes(
    engines: Mapping[str, Engine], patterns: Sequence[str], *, pause: Callable[[float], object] = time.sleep
) -> Iterator[dict[str, Any]]:
    """The documents of events as they come into the outboxes, for ever: for the embedded mode, whose writers wait for
    each other, so that positions are committed in their order.
    """
    wanted = [each.split(".") for each in patterns]
    read = {source: _last(engine) for source, engine in engines.items()}
    while True:
        for source, engine in engines.items():
            for row in _after(engine, read[source]):
                read[source] = row.position
                if any(matches(each, row.type.split(".")) for each in wanted):
                    yield envelope_of(row, source).document()
        pause(_LOOK_EVERY)


def matches(pattern: Sequence[str], key: Sequence[str]) -> bool:
    """Whether a topic exchange would bind so, both cut into words: `*` is one word, `#` any number, none included."""
    if not pattern:
        return not key
    if pattern[0] == _ANY_WORDS:
        return any(matches(pattern[1:], key[skipped:]) for skipped in range(len(key) + 1))
    return bool(key) and pattern[0] in (_ONE_WORD, key[0]) and matches(pattern[1:], key[1:])


def _document(routing_key: str, body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = None
    if isinstance(document, dict) and isinstance(document.get("data"), dict):
        return document
    return {"type": routing_key, "unreadable": len(body), "data": {}}


def _last(engine: Engine) -> int:
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        return int(connection.execute(select(func.max(outbox.c.position))).scalar() or 0)


def _after(engine: Engine, position: int) -> list[Any]:
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        return _rows(connection, position)


def _rows(connection: Connection, position: int) -> list[Any]:
    new = select(outbox).where(outbox.c.position > position).order_by(outbox.c.position).limit(_AT_ONCE)
    return list(connection.execute(new).all())
