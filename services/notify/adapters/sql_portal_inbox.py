"""The in-portal inboxes, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, desc, func, insert, select, update

from services.notify.adapters.tables import portal_message
from services.notify.application.ports import PortalMessage


class SqlPortalInbox:
    """`PortalInbox` in the open transaction; identifiers sort by time, so that they serve as the place in a list."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, message: PortalMessage) -> None:
        self._connection.execute(insert(portal_message).values(asdict(message)))

    def forget(self, user_id: str) -> None:
        self._connection.execute(delete(portal_message).where(portal_message.c.user_id == user_id))

    def page(self, user_id: str, limit: int, before: str | None) -> Sequence[PortalMessage]:
        statement = select(portal_message).where(portal_message.c.user_id == user_id)
        if before is not None:
            statement = statement.where(portal_message.c.id < before)
        rows = self._connection.execute(statement.order_by(desc(portal_message.c.id)).limit(limit))
        return [PortalMessage(**row) for row in rows.mappings()]

    def unread(self, user_id: str) -> int:
        mine = portal_message.c.user_id == user_id
        statement = select(func.count()).select_from(portal_message).where(mine, portal_message.c.read_at.is_(None))
        return int(self._connection.execute(statement).scalar_one())

    def mark_read(self, user_id: str, message_id: str, at: datetime) -> bool:
        own = (portal_message.c.id == message_id, portal_message.c.user_id == user_id)
        seen = update(portal_message).where(*own).values(read_at=func.coalesce(portal_message.c.read_at, at))
        return self._connection.execute(seen).rowcount == 1
