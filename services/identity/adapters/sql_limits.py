"""Failures, and budgets that everybody shares, in SQL; two processes count one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, case, delete, select

from chassis.db.engine import upsert
from services.identity.adapters.tables import budget as budgets
from services.identity.adapters.tables import failure_count as failures
from services.identity.domain.throttle import NO_FAILURES, FailureCount


class SqlFailureCounts:
    """`FailureCounts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> FailureCount:
        return self._read(key, lock=False)

    def for_update(self, key: str) -> FailureCount:
        """There is a row to lock in any case, since one is made where there is none."""
        statement = upsert(self._connection, failures).values(key=key, failures=0)
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
        return self._read(key, lock=True)

    def put(self, key: str, count: FailureCount) -> None:
        values = {
            "failures": count.failures,
            "since": count.since,
            "last_at": count.last_at,
            "blocked_until": count.blocked_until,
        }
        statement = upsert(self._connection, failures).values(key=key, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))

    def purge(self, last_before: datetime) -> int:
        """Counts without a failure go too: they mean the same as no count."""
        over = failures.c.last_at.is_(None) | (failures.c.last_at < last_before)
        return self._connection.execute(delete(failures).where(over)).rowcount

    def _read(self, key: str, *, lock: bool) -> FailureCount:
        statement = select(failures).where(failures.c.key == key)
        row = self._connection.execute(statement.with_for_update() if lock else statement).one_or_none()
        if row is None:
            return NO_FAILURES
        return FailureCount(row.failures, row.since, row.last_at, row.blocked_until)


class SqlBudgets:
    """`Budgets`, in fixed windows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def spend(self, name: str, most: int, per: timedelta, now: datetime) -> int:
        over = budgets.c.window_start <= now - per
        statement = (
            upsert(self._connection, budgets)
            .values(name=name, window_start=now, spent=1)
            .on_conflict_do_update(
                index_elements=["name"],
                set_={
                    "window_start": case((over, now), else_=budgets.c.window_start),
                    "spent": case((over, 1), else_=budgets.c.spent + 1),
                },
            )
            .returning(budgets.c.window_start, budgets.c.spent)
        )
        row = self._connection.execute(statement).one()
        return 0 if row.spent <= most else max(1, ceil((row.window_start + per - now).total_seconds()))
