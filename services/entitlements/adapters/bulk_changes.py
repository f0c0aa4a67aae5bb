"""Changes of many people's access in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from services.entitlements.adapters.tables import bulk_change, bulk_effect
from services.entitlements.domain.bulk_changes import BulkChange, BulkEffect
from services.entitlements.domain.places import Line, Place


class SqlBulkChanges:
    """`BulkChanges` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._writes = connection.get_execution_options().get("write", True)

    def add(self, change: BulkChange) -> None:
        self._connection.execute(insert(bulk_change).values(change_id=change.change_id, by=change.by, at=change.at))
        rows = [
            {
                "change_id": change.change_id,
                "user_id": effect.user_id,
                "tin": effect.place.tin,
                "line": effect.place.line.value,
                "before": effect.before,
                "after": effect.after,
            }
            for effect in change.effects
        ]
        self._connection.execute(insert(bulk_effect), rows)

    def get(self, change_id: str) -> BulkChange | None:
        statement = select(bulk_change).where(bulk_change.c.change_id == change_id)
        row = self._connection.execute(statement.with_for_update() if self._writes else statement).first()
        if row is None:
            return None
        ordered = (bulk_effect.c.user_id, bulk_effect.c.tin, bulk_effect.c.line)
        effects = select(bulk_effect).where(bulk_effect.c.change_id == change_id).order_by(*ordered)
        return BulkChange(
            row.change_id,
            row.by,
            row.at,
            tuple(
                BulkEffect(each.user_id, Place(each.tin, Line(each.line)), each.before, each.after)
                for each in self._connection.execute(effects)
            ),
            row.undone_at,
        )

    def mark_undone(self, change_id: str, at: datetime) -> None:
        undone = update(bulk_change).where(bulk_change.c.change_id == change_id)
        self._connection.execute(undone.values(undone_at=at))
