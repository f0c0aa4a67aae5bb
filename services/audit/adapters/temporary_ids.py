"""Who has redeemed which temporary ID, in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from chassis.db.engine import upsert
from services.audit.adapters.tables import temporary_id as table


class SqlTemporaryIds:
    """`TemporaryIds` on a connection whose transaction somebody else ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, temporary_id: str, user_id: str, *, came_by_it: bool) -> None:
        """Once is enough: nobody redeems one twice."""
        values = {"temporary_id": temporary_id, "user_id": user_id, "came_by_it": came_by_it}
        self._connection.execute(upsert(self._connection, table).values(values).on_conflict_do_nothing())

    def came_by(self, user_id: str) -> str | None:
        """At most one: an account is registered once."""
        statement = select(table.c.temporary_id).where(table.c.user_id == user_id, table.c.came_by_it)
        return self._connection.execute(statement.limit(1)).scalar_one_or_none()

    def of(self, user_id: str) -> Sequence[str]:
        """All that the user has redeemed."""
        return self._connection.execute(select(table.c.temporary_id).where(table.c.user_id == user_id)).scalars().all()
