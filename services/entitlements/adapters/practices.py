"""The directory, and the rows that are locked per TIN and line, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from chassis.db.engine import upsert
from services.entitlements.adapters.tables import practice, practice_line
from services.entitlements.domain.places import Line
from services.entitlements.domain.practices import Practice

_AT_ONCE = 200


class SqlPractices:
    """`Practices` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, tins: Collection[str]) -> Mapping[str, Practice]:
        if not tins:
            return {}
        statement = select(practice).where(practice.c.tin.in_(sorted(tins)))
        return {row.tin: _practice(row) for row in self._connection.execute(statement)}

    def claim(self, tin: str) -> Practice | None:
        statement = select(practice).where(practice.c.tin == tin).with_for_update(skip_locked=True)
        row = self._connection.execute(statement).first()
        return _practice(row) if row else None

    def put_newer(self, practices: Sequence[Practice]) -> None:
        rows = [
            {"tin": each.tin, "name": each.name, "lines": sorted(each.lines), "version": each.version}
            for each in sorted(practices, key=lambda each: each.tin)
        ]
        for start in range(0, len(rows), _AT_ONCE):
            statement = upsert(self._connection, practice).values(rows[start : start + _AT_ONCE])
            new = statement.excluded
            self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["tin"],
                    set_={"name": new.name, "lines": new.lines, "version": new.version},
                    where=practice.c.version < new.version,
                )
            )


class SqlPracticeLines:
    """`PracticeLines` on one connection; on SQLite the transaction's own lock does it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, tins: Collection[str]) -> None:
        if not tins or self._connection.dialect.name == "sqlite":
            return
        wanted = [(tin, line.value) for tin in sorted(tins) for line in sorted(Line)]
        if len(self._locked(tins)) == len(wanted):
            return
        rows = [{"tin": tin, "line": line} for tin, line in wanted]
        self._connection.execute(upsert(self._connection, practice_line).values(rows).on_conflict_do_nothing())
        self._locked(tins)

    def _locked(self, tins: Collection[str]) -> Sequence[object]:
        statement = (
            select(practice_line)
            .where(practice_line.c.tin.in_(sorted(tins)))
            .order_by(practice_line.c.tin, practice_line.c.line)
            .with_for_update()
        )
        return self._connection.execute(statement).all()


def _practice(row: Row[Any]) -> Practice:
    return Practice(row.tin, row.name, frozenset(map(Line, row.lines)), row.version)
