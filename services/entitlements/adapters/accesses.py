"""Intervals of access in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from services.entitlements.adapters.astray import astray
from services.entitlements.adapters.places import at_places
from services.entitlements.adapters.tables import access, suspension
from services.entitlements.domain.access import Access
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.practices import Practice

_BY_PLACE = (access.c.tin, access.c.line, access.c.user_id)


class SqlAccesses:
    """`Accesses` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing_of(self, user_ids: Collection[str]) -> Sequence[Access]:
        if not user_ids:
            return []
        return standing_where(self._connection, access.c.user_id.in_(sorted(user_ids)))

    def managers_at(self, tins: Collection[str]) -> Sequence[Access]:
        if not tins:
            return []
        primary = access.c.level == Level.PRIMARY.value
        return standing_where(self._connection, and_(access.c.tin.in_(sorted(tins)), primary))

    def intervals(self, access_ids: Collection[str]) -> Mapping[str, Access]:
        if not access_ids:
            return {}
        statement = select(access).where(access.c.access_id.in_(sorted(access_ids)))
        return {row.access_id: access_of(row) for row in self._connection.execute(statement)}

    def standing_at(self, places: Collection[Place]) -> Sequence[Access]:
        return standing_where(self._connection, at_places(access, places)) if places else []

    def astray(self, practices: Sequence[Practice], now: datetime, limit: int) -> Sequence[Access]:
        if not practices:
            return []
        first = select(access.c.access_id).where(astray(practices, now)).order_by(*_BY_PLACE).limit(limit)
        return standing_where(self._connection, access.c.access_id.in_(first))

    def tins_astray(self, practices: Sequence[Practice], now: datetime) -> frozenset[str]:
        if not practices:
            return frozenset()
        tins = select(access.c.tin).where(astray(practices, now)).distinct()
        return frozenset(self._connection.execute(tins).scalars())

    def past_places(self, user_ids: Collection[str]) -> Mapping[str, frozenset[Place]]:
        if not user_ids:
            return {}
        statement = (
            select(access.c.user_id, access.c.tin, access.c.line)
            .where(access.c.user_id.in_(sorted(user_ids)), access.c.ended_at.is_not(None))
            .distinct()
        )
        places: dict[str, set[Place]] = {}
        for row in self._connection.execute(statement):
            places.setdefault(row.user_id, set()).add(Place(row.tin, Line(row.line)))
        return {user_id: frozenset(some) for user_id, some in places.items()}

    def add(self, opened: Access) -> None:
        self._connection.execute(
            insert(access).values(
                access_id=opened.access_id,
                user_id=opened.user_id,
                tin=opened.place.tin,
                line=opened.place.line.value,
                level=opened.grant.level.value,
                functions=sorted(opened.grant.functions),
                until=opened.grant.until,
                given_by=opened.given_by,
                since=opened.since,
                request_id=opened.request_id,
            )
        )

    def end(self, access_id: str, at: datetime, by: str) -> None:
        still_open = and_(access.c.access_id == access_id, access.c.ended_at.is_(None))
        closed = self._connection.execute(update(access).where(still_open).values(ended_at=at, ended_by=by))
        if closed.rowcount != 1:
            raise LookupError(f"interval {access_id} is not open")

    def over(self, as_of: datetime, limit: int) -> Sequence[Access]:
        return self._earliest(_over(as_of), limit)

    def count_over(self, as_of: datetime) -> int:
        return self._count(_over(as_of))

    def take_unannounced(self, after: datetime, until: datetime, limit: int) -> Sequence[Access]:
        found = self._earliest(_unannounced(after, until), limit, lock=True)
        taken = update(access).where(access.c.access_id.in_([each.access_id for each in found]))
        self._connection.execute(taken.values(ending_told=True))
        return found

    def count_unannounced(self, after: datetime, until: datetime) -> int:
        return self._count(_unannounced(after, until))

    def _earliest(self, condition: ColumnElement[bool], limit: int, *, lock: bool = False) -> Sequence[Access]:
        earliest = select(access).where(condition).order_by(access.c.until, access.c.access_id).limit(limit)
        if lock:
            earliest = earliest.with_for_update()
        return [access_of(row) for row in self._connection.execute(earliest)]

    def _count(self, condition: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(access).where(condition)
        return int(self._connection.execute(counted).scalar_one())


def _over(as_of: datetime) -> ColumnElement[bool]:
    return and_(access.c.ended_at.is_(None), access.c.until.is_not(None), access.c.until <= as_of)


def _unannounced(after: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(_over(until), access.c.until > after, ~access.c.ending_told)


def standing_where(connection: Connection, condition: ColumnElement[bool]) -> list[Access]:
    """Open intervals of this condition with their open suspensions, by place and user."""
    suspends = and_(
        suspension.c.user_id == access.c.user_id,
        suspension.c.tin == access.c.tin,
        suspension.c.line == access.c.line,
        suspension.c.ended_at.is_(None),
    )
    statement = (
        select(access, suspension.c.cause, suspension.c.functions.label("withheld"))
        .outerjoin(suspension, suspends)
        .where(access.c.ended_at.is_(None), condition)
        .order_by(*_BY_PLACE)
    )
    causes: dict[str, set[str]] = {}
    withheld: dict[str, set[str]] = {}
    rows: dict[str, Row[Any]] = {}
    for row in connection.execute(statement):
        rows[row.access_id] = row
        if row.withheld is not None:
            withheld.setdefault(row.access_id, set()).update(row.withheld)
        elif row.cause is not None:
            causes.setdefault(row.access_id, set()).add(row.cause)
    return [
        access_of(row, frozenset(causes.get(access_id, ())), frozenset(withheld.get(access_id, ())))
        for access_id, row in rows.items()
    ]


def access_of(row: Row[Any], suspended: frozenset[str] = frozenset(), withheld: frozenset[str] = frozenset()) -> Access:
    """The interval in a row that has all of the table's columns."""
    return Access(
        access_id=row.access_id,
        user_id=row.user_id,
        place=Place(row.tin, Line(row.line)),
        grant=Grant(Level(row.level), frozenset(row.functions), row.until),
        given_by=row.given_by,
        since=row.since,
        request_id=row.request_id,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        suspended=suspended,
        withheld=withheld,
    )
