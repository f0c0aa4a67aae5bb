"""Lists: a page at a time, going on from a cursor that the client cannot read anything into (`api.md`, Manner)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import orjson
from flask import request
from marshmallow import fields, validate

from chassis.web.exchange import current_exchange
from chassis.web.schemas import Coded, QuerySchema

DEFAULT_LIMIT: Final = 50
HIGHEST_LIMIT: Final = 200

Item = TypeVar("Item")

Key = str | int | datetime | None
"""One part of a sort key; booleans pass as the numbers that they are."""

Position = tuple[Key, ...]
"""Where a page ended: the sort key of its last item."""

_SEAL: Final = 12
_TIME: Final = "t"


class CursorField(fields.String):
    """A cursor that `page` made for the same list, as its `Position`; anything else is `cursor_invalid`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        position = _opened(super()._deserialize(value, attr, data, **more))
        if position is None:
            raise Coded("cursor_invalid", "This is no cursor of this list: begin again without one.")
        return position


class PageQuery(QuerySchema):
    """The query parameters of every list; a list with more of them inherits. Loads to `limit` and `cursor`,
    a `Position` or None.
    """

    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, HIGHEST_LIMIT),
        metadata={"description": "How many items at most.", "default": DEFAULT_LIMIT},
    )
    cursor = CursorField(
        load_default=None, metadata={"description": "`next` of the page before; without it, the first page."}
    )


def page(items: Iterable[Any], following: Sequence[Key] | None) -> dict[str, Any]:
    """The list envelope; `following` is the position of the last item where there are more, else None."""
    return {"items": list(items), "next": None if following is None else _sealed(tuple(following))}


def part_of(items: Iterable[Item], query: Mapping[str, Any], key: Callable[[Item], Position]) -> dict[str, Any]:
    """The page of a list that is at hand whole, sorted by `key`; what has the same key is told apart by its order."""
    seen: Counter[Position] = Counter()
    placed: list[tuple[Position, Item]] = []
    for item in sorted(items, key=key):
        place = key(item)
        placed.append(((*place, seen[place]), item))
        seen[place] += 1
    after = query["cursor"]
    rest = placed if after is None else [(place, item) for place, item in placed if place > after]
    shown = rest[: query["limit"]]
    return page([item for _, item in shown], shown[-1][0] if len(rest) > len(shown) else None)


def _sealed(position: Position) -> str:
    content = orjson.dumps([_written(part) for part in position])
    return base64.urlsafe_b64encode(_seal(content) + content).rstrip(b"=").decode()


def _opened(cursor: str) -> Position | None:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    seal, content = raw[:_SEAL], raw[_SEAL:]
    if not hmac.compare_digest(seal, _seal(content)):
        return None
    return tuple(_read(part) for part in orjson.loads(content))


def _seal(content: bytes) -> bytes:
    """Binds a cursor to its list, so that another's sort key never reaches a query."""
    exchange = current_exchange()
    place = f"{exchange.definition.name} {request.endpoint}\n".encode()
    return hmac.digest(exchange.definition.keys.cursors, place + content, hashlib.sha256)[:_SEAL]


def _written(part: Key) -> Any:
    return {_TIME: part.astimezone(UTC).isoformat()} if isinstance(part, datetime) else part


def _read(part: Any) -> Key:
    value: Key = datetime.fromisoformat(part[_TIME]) if isinstance(part, dict) else part
    return value
