"""What keeps access from counting, in SQL (ENT-14)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, update

from chassis.kernel.ids import new_id
from services.entitlements.adapters.tables import suspension
from services.entitlements.domain.access import Access
from services.entitlements.domain.places import Place


class SqlSuspensions:
    """`Suspensions` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, access: Access, cause: str, at: datetime, functions: Collection[str] | None = None) -> None:
        self._connection.execute(
            insert(suspension).values(
                suspension_id=str(new_id()),
                user_id=access.user_id,
                tin=access.place.tin,
                line=access.place.line.value,
                cause=cause,
                functions=None if functions is None else sorted(functions),
                since=at,
            )
        )

    def end(self, user_id: str, place: Place, cause: str, at: datetime) -> bool:
        standing = (
            suspension.c.user_id == user_id,
            suspension.c.tin == place.tin,
            suspension.c.line == place.line.value,
            suspension.c.cause == cause,
            suspension.c.ended_at.is_(None),
        )
        return bool(self._connection.execute(update(suspension).where(*standing).values(ended_at=at)).rowcount)
