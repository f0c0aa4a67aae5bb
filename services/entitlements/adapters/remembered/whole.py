"""All that checks stand on of people and practices, in SQL, many at once (ENT-10).

Each statement sees what is committed as it begins: of what changes between two of them, word comes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Column, Engine, Integer, Select, String, Text, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.bare import BareStatement
from services.entitlements.adapters.checks import functions_in, lines_in
from services.entitlements.adapters.remembered.memory import Remembered, place_key
from services.entitlements.adapters.tables import access, person, practice, suspension
from services.entitlements.domain.access import Standing
from services.entitlements.domain.people import AccountState
from services.entitlements.domain.places import Line

_PLACE = (access.c.user_id, access.c.tin, access.c.line)
_SUSPENDED = (suspension.c.user_id, suspension.c.tin, suspension.c.line)


class WholePeople:
    """Reads people whole, on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        state = select(person.c.user_id, person.c.state).where(_is_named(person.c.user_id))
        standing = select(*_PLACE, cast(access.c.functions, Text), access.c.until)
        standing = standing.where(_is_named(access.c.user_id), access.c.ended_at.is_(None))
        past = select(*_PLACE).where(_is_named(access.c.user_id), access.c.ended_at.is_not(None)).distinct()
        wholly, withheld = func.bool_or(suspension.c.functions.is_(None)), func.min(cast(suspension.c.functions, Text))
        suspended = select(*_SUSPENDED, wholly, withheld).group_by(*_SUSPENDED)
        suspended = suspended.where(_is_named(suspension.c.user_id), suspension.c.ended_at.is_(None))
        self._next = BareStatement(engine, _after(person.c.user_id, person.c.user_id))
        self._states = BareStatement(engine, state)
        self._standing = BareStatement(engine, standing)
        self._past = BareStatement(engine, past)
        self._suspended = BareStatement(engine, suspended)

    def after(self, user_id: str, most: int) -> Sequence[str]:
        """The next people, by user ID."""
        return [each for (each,) in self._next({"after": user_id, "most": most})]

    def of(self, user_ids: Sequence[str]) -> Mapping[str, Remembered]:
        """Those of these people who are known."""
        named = _named(user_ids)
        places: dict[str, dict[str, Standing | None]] = {user_id: {} for user_id in user_ids}
        for user_id, tin, line in self._past(named):
            places[user_id][_key(tin, line)] = None
        suspended = {row[:3]: row[3:] for row in self._suspended(named)}
        for *place, functions, until in self._standing(named):
            wholly, withheld = suspended.get(tuple(place), (False, None))
            user_id, tin, line = place
            places[user_id][_key(tin, line)] = _worth(functions, until, wholly, withheld or "[]")
        return {user_id: (AccountState(state), places[user_id]) for user_id, state in self._states(named)}


class WholePractices:
    """Reads practices whole, on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        lines = cast(practice.c.lines, Text)
        self._next = BareStatement(engine, _after(practice.c.tin, practice.c.tin, lines))
        self._lines = BareStatement(engine, select(practice.c.tin, lines).where(_is_named(practice.c.tin)))

    def after(self, tin: str, most: int) -> Mapping[str, frozenset[Line]]:
        """The lines of the next practices, by TIN."""
        return _lines(self._next({"after": tin, "most": most}))

    def of(self, tins: Sequence[str]) -> Mapping[str, frozenset[Line]]:
        """Those of these practices that the directory has."""
        return _lines(self._lines(_named(tins)))


def _is_named(key: Column[Any]) -> Any:
    """One of those whom a JSON text names."""
    return key.in_(select(func.jsonb_array_elements_text(cast(bindparam("named", type_=Text), JSONB))))


def _named(keys: Sequence[str]) -> dict[str, Any]:
    return {"named": orjson.dumps(keys).decode()}


def _after(key: Column[Any], *wanted: Any) -> Select[Any]:
    follows = key > bindparam("after", type_=String)
    return select(*wanted).where(follows).order_by(key).limit(bindparam("most", type_=Integer))


def _lines(rows: Sequence[tuple[Any, ...]]) -> Mapping[str, frozenset[Line]]:
    return {tin: lines_in(lines) for tin, lines in rows}


def _key(tin: str, line: str) -> str:
    """The same text for all users with access there."""
    return sys.intern(place_key(tin, line))


@lru_cache(maxsize=4096)
def _worth(functions: str, until: datetime | None, suspended: bool, withheld: str) -> Standing:  # noqa: FBT001 -- a row
    """The same object for all whose access is worth the same."""
    return Standing(functions_in(functions), until, suspended, functions_in(withheld))
