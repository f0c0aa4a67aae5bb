"""Logouts that clients are owed, in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from services.identity.adapters.openid_tables import owed_logout
from services.identity.domain.logouts import OwedLogout


class SqlLogouts:
    """`Logouts`; whoever looks for one passes over what another is just taking."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, owed: OwedLogout) -> None:
        self._connection.execute(insert(owed_logout).values(**_values(owed)))

    def anything_due(self, now: datetime) -> bool:
        return self._connection.execute(_due(now)).first() is not None

    def take_due(self, now: datetime) -> OwedLogout | None:
        row = self._connection.execute(_due(now).with_for_update(skip_locked=True)).first()
        return None if row is None else _owed(row)

    def save(self, owed: OwedLogout) -> None:
        mine = (owed_logout.c.id == owed.id, owed_logout.c.attempts <= owed.attempts)
        self._connection.execute(update(owed_logout).where(*mine).values(**_values(owed)))

    def remove(self, owed_id: str) -> None:
        self._connection.execute(delete(owed_logout).where(owed_logout.c.id == owed_id))


def _due(now: datetime) -> Select[Any]:
    return select(owed_logout).where(owed_logout.c.due_at <= now).order_by(owed_logout.c.due_at).limit(1)


def _owed(row: Row[Any]) -> OwedLogout:
    return OwedLogout(
        id=row.id,
        client_id=row.client_id,
        user_id=row.user_id,
        session_id=row.session_id,
        ended_at=row.ended_at,
        due_at=row.due_at,
        attempts=row.attempts,
    )


def _values(owed: OwedLogout) -> dict[str, Any]:
    return {
        "id": owed.id,
        "client_id": owed.client_id,
        "user_id": owed.user_id,
        "session_id": owed.session_id,
        "ended_at": owed.ended_at,
        "due_at": owed.due_at,
        "attempts": owed.attempts,
    }
