"""What answers stand on, in SQL: one statement, however many questions (ENT-10)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    Engine,
    FromClause,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    false,
    func,
    select,
    text,
)

from chassis.db.bare import BareStatement
from chassis.db.types import UtcDateTime
from services.entitlements.adapters.tables import access, person, practice, suspension
from services.entitlements.domain.access import Standing
from services.entitlements.domain.checking import Knowledge, Question
from services.entitlements.domain.people import AccountState
from services.entitlements.domain.places import Line, Place

_NAMES: Final = ("user_id", "tin", "line")
_ASKED: Final = {
    "postgresql": """
        SELECT number, value ->> 0 AS user_id, value ->> 1 AS tin, value ->> 2 AS line
        FROM jsonb_array_elements(CAST(:asked AS jsonb)) WITH ORDINALITY AS each (value, number)
    """,
    "sqlite": """
        SELECT key AS number, value ->> 0 AS user_id, value ->> 1 AS tin, value ->> 2 AS line FROM json_each(:asked)
    """,
}


def _one() -> Select[Any]:
    """The statement for one question, whose parts are its parameters."""
    return _about(select(*(bindparam(name, type_=String).label(name) for name in _NAMES)).subquery("asked"))


def _many(dialect: str) -> Select[Any]:
    """The statement for many, which are a JSON text."""
    number, names = column("number", Integer), [column(name, String) for name in _NAMES]
    asked = text(_ASKED[dialect]).columns(number, *names).subquery("asked")
    return _about(asked).order_by(asked.c.number)


def _about(asked: FromClause) -> Select[Any]:
    """A row of what is known for each that is asked; sets stand as JSON texts, of which few are different."""

    def here(table: Any) -> Any:
        return and_(table.c.user_id == asked.c.user_id, table.c.tin == asked.c.tin, table.c.line == asked.c.line)

    stands, suspends = access.c.access_id.is_not(None), and_(here(suspension), suspension.c.ended_at.is_(None))
    earlier = access.alias("earlier")
    # Looked up one by one: joined, PostgreSQL would read the whole directory for a single question.
    lines = select(cast(practice.c.lines, Text)).where(practice.c.tin == asked.c.tin).scalar_subquery()
    withheld = select(func.min(cast(suspension.c.functions, Text))).where(suspends)
    return (
        select(
            person.c.state,
            lines,
            cast(access.c.functions, Text),
            access.c.until,
            case((stands, exists().where(suspends, suspension.c.functions.is_(None))), else_=false()),
            withheld.scalar_subquery(),
            case((stands, false()), else_=exists().where(here(earlier))),
        )
        .select_from(asked)
        .outerjoin(person, person.c.user_id == asked.c.user_id)
        .outerjoin(access, and_(here(access), access.c.ended_at.is_(None)))
    )


class SqlChecks:
    """`Checks` of a database."""

    def __init__(self, engine: Engine) -> None:
        self._one = BareStatement(engine, _one())
        self._many = BareStatement(engine, _many(engine.dialect.name))
        self._moment = UtcDateTime().dialect_impl(engine.dialect).result_processor(engine.dialect, None)

    def known(self, questions: Sequence[Question]) -> Sequence[Knowledge]:
        asked = [(each.user_id, *_named(each.place)) for each in questions]
        if len(asked) == 1:
            rows = self._one(dict(zip(_NAMES, asked[0], strict=True)))
        else:
            rows = self._many({"asked": orjson.dumps(asked).decode()})
        return [self._knowledge(row) for row in rows]

    def _knowledge(self, row: tuple[Any, ...]) -> Knowledge:
        state, lines, functions, until, suspended, withheld, had_access = row
        standing = None
        if functions is not None:
            ends = self._moment(until) if self._moment and until is not None else until
            standing = Standing(functions_in(functions), ends, bool(suspended), functions_in(withheld or "[]"))
        return Knowledge(
            account=AccountState(state) if state else None,
            lines=None if lines is None else lines_in(lines),
            standing=standing,
            had_access=bool(had_access),
        )


def _named(place: Place | None) -> tuple[str | None, str | None]:
    return (place.tin, place.line.value) if place else (None, None)


@lru_cache(maxsize=4096)
def functions_in(document: str) -> frozenset[str]:
    """The set in a JSON text."""
    return frozenset(orjson.loads(document))


@lru_cache(maxsize=64)
def lines_in(document: str) -> frozenset[Line]:
    """The set in a JSON text."""
    return frozenset(map(Line, orjson.loads(document)))
