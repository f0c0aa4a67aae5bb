"""Who holds which access now, in SQL, as events told it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select

from chassis.db.engine import upsert
from services.audit.adapters.tables import held_access
from services.audit.domain.rights import LEVELS_THAT_SEE, Held


class SqlHeldAccess:
    """`HeldAccess` on a connection whose transaction somebody else ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, held: Held) -> None:
        """The later word holds."""
        values: dict[str, Any] = {"level": held.level, "until": held.until}
        statement = upsert(self._connection, held_access).values(
            user_id=held.user_id, tin=held.tin, line=held.line, **values
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["user_id", "tin", "line"], set_=values)
        )

    def remove(self, user_id: str, tin: str, line: str) -> None:
        """The user holds nothing there any more."""
        place = held_access.c.user_id == user_id, held_access.c.tin == tin, held_access.c.line == line
        self._connection.execute(delete(held_access).where(*place))

    def sees_history(self, user_id: str, tin: str | None, now: datetime) -> bool:
        """One look-up by the beginning of the primary key."""
        conditions = [opens_history(user_id, now)]
        if tin is not None:
            conditions.append(held_access.c.tin == tin)
        return self._connection.execute(select(held_access.c.user_id).where(*conditions).limit(1)).first() is not None


def opens_history(user_id: str, now: datetime) -> ColumnElement[bool]:
    """SQL's form of `Held.sees_history` for what this user holds."""
    return and_(
        held_access.c.user_id == user_id,
        held_access.c.level.in_(sorted(LEVELS_THAT_SEE)),
        or_(held_access.c.until.is_(None), held_access.c.until > now),
    )
