"""Vouchings in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, tuple_, update

from services.identity.adapters.tables import account as accounts
from services.identity.adapters.vouching_tables import vouching as vouchings
from services.identity.adapters.vouching_tables import vouching_stop as stops
from services.identity.application.vouching_repositories import Wanted
from services.identity.domain.accounts import State
from services.identity.domain.vouchings import Stop, Vouching, VouchingState


class SqlVouchings:
    """`Vouchings`; an index holds that an account has one that is open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, vouching: Vouching) -> None:
        self._connection.execute(insert(vouchings).values(asdict(vouching)))

    def get(self, vouching_id: str) -> Vouching | None:
        return self._one(vouchings.c.id == vouching_id)

    def open_of(self, user_id: str) -> Vouching | None:
        return self._one(and_(vouchings.c.user_id == user_id, vouchings.c.ended_at.is_(None)))

    def save(self, vouching: Vouching) -> None:
        statement = update(vouchings).where(vouchings.c.id == vouching.id)
        self._connection.execute(statement.values(asdict(vouching)))
        if vouching.ended_at is not None:
            self._connection.execute(delete(stops).where(stops.c.vouching_id == vouching.id))

    def list(self, wanted: Wanted, after: tuple[datetime, str] | None, limit: int) -> Sequence[Vouching]:
        statement = select(vouchings).where(vouchings.c.state.in_(sorted(wanted.states)))
        if wanted.vouched_by is not None:
            statement = statement.where(vouchings.c.vouched_by == wanted.vouched_by)
        if wanted.user_id is not None:
            statement = statement.where(vouchings.c.user_id == wanted.user_id)
        if after is not None:
            statement = statement.where(tuple_(vouchings.c.vouched_at, vouchings.c.id) < tuple_(*after))
        statement = statement.order_by(vouchings.c.vouched_at.desc(), vouchings.c.id.desc()).limit(limit)
        return [_vouching(row) for row in self._connection.execute(statement)]

    def add_stop(self, stop: Stop) -> None:
        self._connection.execute(insert(stops).values(asdict(stop)))

    def stop_of(self, digest: str) -> Stop | None:
        row = self._connection.execute(select(stops).where(stops.c.digest == digest)).one_or_none()
        return None if row is None else Stop(row.digest, row.vouching_id, row.user_id, row.contact_id)

    def take_due(self, as_of: datetime, most: int) -> Sequence[str]:
        statement = select(accounts.c.user_id).join(vouchings, vouchings.c.user_id == accounts.c.user_id)
        statement = statement.where(_due(as_of)).order_by(accounts.c.user_id).limit(most)
        locked = statement.with_for_update(of=accounts, skip_locked=True)
        return list(self._connection.execute(locked).scalars())

    def count_due(self, as_of: datetime) -> int:
        statement = select(func.count()).select_from(vouchings).join(accounts)
        return int(self._connection.execute(statement.where(_due(as_of))).scalar_one())

    def purge(self, ended_before: datetime) -> int:
        return self._connection.execute(delete(vouchings).where(vouchings.c.ended_at < ended_before)).rowcount

    def _one(self, condition: ColumnElement[bool]) -> Vouching | None:
        row = self._connection.execute(select(vouchings).where(condition)).one_or_none()
        return None if row is None else _vouching(row)


def _due(as_of: datetime) -> ColumnElement[bool]:
    works = and_(
        vouchings.c.state == VouchingState.CONFIRMED,
        vouchings.c.verified_at.is_not(None),
        vouchings.c.works_at <= as_of,
        accounts.c.state == State.ACTIVE,
    )
    return and_(vouchings.c.ended_at.is_(None), or_(works, vouchings.c.expires_at <= as_of))


def _vouching(row: Row[Any]) -> Vouching:
    values = dict(row._mapping)  # noqa: SLF001 (the documented way to a row's columns by name)
    return Vouching(**values | {"state": VouchingState(row.state)})
