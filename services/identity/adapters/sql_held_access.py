"""The copy of who holds what at which practice, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from chassis.db.engine import upsert
from services.identity.adapters.access_tables import held_access
from services.identity.domain.access import Held, Level


class SqlHeldAccess:
    """`HeldAccess`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, user_id: str) -> Sequence[Held]:
        statement = select(held_access).where(held_access.c.user_id == user_id)
        rows = self._connection.execute(statement.order_by(held_access.c.tin, held_access.c.line))
        return [_held(row) for row in rows]

    def at(self, places: Collection[tuple[str, str]]) -> Sequence[Held]:
        wanted = set(places)
        statement = select(held_access).where(held_access.c.tin.in_(sorted({tin for tin, _ in wanted})))
        return [held for held in map(_held, self._connection.execute(statement)) if held.place in wanted]

    def put(self, held: Held) -> None:
        values = {"level": held.level, "until": held.until}
        statement = upsert(self._connection, held_access)
        statement = statement.values(user_id=held.user_id, tin=held.tin, line=held.line, **values)
        key = ["user_id", "tin", "line"]
        self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))

    def remove(self, user_id: str, tin: str, line: str) -> None:
        place = held_access.c.user_id == user_id, held_access.c.tin == tin, held_access.c.line == line
        self._connection.execute(delete(held_access).where(*place))


def _held(row: Row[Any]) -> Held:
    return Held(row.user_id, row.tin, row.line, Level(row.level), row.until)
