"""Practices at which access has yet to follow the lines of business, in SQL."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from chassis.db.engine import upsert
from chassis.kernel.cause import Cause
from services.entitlements.adapters.tables import relining
from services.entitlements.application.relining import Relining

_CAUSE = ("actor", "site", "correlation_id", "causation_id")


class SqlRelinings:
    """`Relinings` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, tins: Collection[str], cause: Cause) -> None:
        if not tins:
            return
        origin = {name: getattr(cause, name) for name in _CAUSE}
        statement = upsert(self._connection, relining)
        statement = statement.on_conflict_do_update(
            index_elements=["tin"], set_={name: statement.excluded[name] for name in _CAUSE}
        )
        self._connection.execute(statement, [{"tin": tin, **origin} for tin in sorted(tins)])

    def next(self, after: str | None) -> Relining | None:
        first = select(relining).order_by(relining.c.tin).limit(1)
        behind = first if after is None else first.where(relining.c.tin > after)
        row = self._connection.execute(behind).first() or self._connection.execute(first).first()
        return Relining(row.tin, Cause(**{name: getattr(row, name) for name in _CAUSE})) if row else None

    def drop(self, tin: str) -> None:
        self._connection.execute(delete(relining).where(relining.c.tin == tin))
