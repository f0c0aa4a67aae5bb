"""Who manages which practice, and what it is called, in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from chassis.db.engine import upsert
from services.notify.adapters.tables import manager, practice


class SqlManagers:
    """`Managers` in the open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, tin: str, line: str, user_ids: Sequence[str]) -> None:
        self._connection.execute(delete(manager).where(manager.c.tin == tin, manager.c.line == line))
        rows = [{"tin": tin, "line": line, "user_id": user_id} for user_id in sorted(set(user_ids))]
        if rows:
            self._connection.execute(insert(manager), rows)

    def of_tin(self, tin: str) -> frozenset[str]:
        return frozenset(self._connection.scalars(select(manager.c.user_id).where(manager.c.tin == tin)))


class SqlPractices:
    """`Practices` in the open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, tin: str, name: str) -> None:
        statement = upsert(self._connection, practice).values(tin=tin, name=name)
        renamed = practice.c.name != statement.excluded.name
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["tin"], set_={"name": name}, where=renamed)
        )

    def name(self, tin: str) -> str | None:
        return self._connection.scalar(select(practice.c.name).where(practice.c.tin == tin))
