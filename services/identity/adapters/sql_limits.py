"""Failures, and budgets that everybody shares, in SQL; two processes count one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from chassis.db.engine import upsert
from chassis.db.within import StatementWithin
from services.identity.adapters.tables import budget as budgets
from services.identity.adapters.tables import failure_count as failures
from services.identity.domain.throttle import NO_FAILURES, FailureCount

_OF_A_COUNT: Final = (failures.c.failures, failures.c.since, failures.c.last_at, failures.c.blocked_until)
_COUNTS: Final = select(failures.c.key, *_OF_A_COUNT).where(failures.c.key.in_(bindparam("keys", expanding=True)))


def _locked(insert: Any) -> Any:
    """The insertion that leaves a present row as it is, but for the lock."""
    statement = insert(failures).values(key=bindparam("key"), failures=bindparam("failures"))
    as_it_is = {"key": statement.excluded.key}
    return statement.on_conflict_do_update(index_elements=["key"], set_=as_it_is).returning(*_OF_A_COUNT)


_LOCKED: Final = {
    "postgresql": StatementWithin(_locked(postgresql.insert)),
    "sqlite": StatementWithin(_locked(sqlite.insert)),
}


def count_from(
    count: int | None, since: datetime | None, last_at: datetime | None, blocked_until: datetime | None
) -> FailureCount:
    """From a row's columns; from a row that is not there, none."""
    return FailureCount(count, since, last_at, blocked_until) if count else NO_FAILURES


class SqlFailureCounts:
    """`FailureCounts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> FailureCount:
        return self.of([key])[key]

    def of(self, keys: Sequence[str]) -> Mapping[str, FailureCount]:
        rows = self._connection.execute(_COUNTS, {"keys": list(keys)}).all() if keys else ()
        found = {key: count_from(*values) for key, *values in rows}
        return {key: found.get(key, NO_FAILURES) for key in keys}

    def for_update(self, key: str) -> FailureCount:
        """One statement makes the row where there is none and locks it where there is one."""
        statement = _LOCKED[self._connection.dialect.name]
        (row,) = statement(self._connection, {"key": key, "failures": 0})
        return count_from(*row)

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
