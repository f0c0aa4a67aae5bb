"""The directory in SQL, made to take a million practices in one go (REG-17)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from chassis.db.bare import rows_within
from services.registration.adapters.choosing import among
from services.registration.adapters.tables import practices
from services.registration.domain.lines import lines_written
from services.registration.domain.practices import Kept, Practice

_NAMED = "SELECT tin, name, lines, version FROM practice WHERE tin"
_ONE = {"sqlite": f"{_NAMED} = ?", "postgresql": f"{_NAMED} = %s"}
_SEVERAL = {
    "sqlite": f"{_NAMED} IN (SELECT value FROM json_each(?))",  # noqa: S608 (of constants alone)
    "postgresql": f"{_NAMED} = ANY(string_to_array(%s, ','))",
}
_INSERT = "INSERT INTO practice (tin, name, lines, details, version)"
_REPLACE = (
    "ON CONFLICT (tin) DO UPDATE SET name = excluded.name, lines = excluded.lines, details = excluded.details, "
    "version = excluded.version"
)
_SQLITE = f"{_INSERT} VALUES (?, ?, ?, ?, ?) {_REPLACE}"
_LIST = "string_to_array(%s, chr(31))"
_ROWS = f"unnest({_LIST}, {_LIST}, {_LIST}, {_LIST}, {_LIST}::int[])"
_POSTGRESQL = f"{_INSERT} SELECT * FROM {_ROWS} {_REPLACE}"  # noqa: S608 (of these constants alone)
_BETWEEN = "\x1f"  # in no name, since it is a control character, and in JSON only escaped


class SqlPractices:
    """`Practices` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def named(self, tins: Collection[str]) -> Mapping[str, Practice]:
        """The practices of these TINs; past SQLAlchemy, which took ten times as long as the database for one."""
        kind = self._connection.dialect.name
        if len(tins) == 1:
            rows = rows_within(self._connection, _ONE[kind], (*tins,))
        else:
            listed = orjson.dumps(list(tins)).decode() if kind == "sqlite" else ",".join(tins)
            rows = rows_within(self._connection, _SEVERAL[kind], (listed,))
        return {tin: Practice(tin, name, lines_written(lines), version) for tin, name, lines, version in rows}

    def kept(self, tins: Sequence[str]) -> Mapping[str, Kept]:
        """All of these TINs, locked; SQLite's one writer needs no lock. Past SQLAlchemy's rows, as in `write`."""
        columns = practices.c.tin, practices.c.name, practices.c.lines, practices.c.details, practices.c.version
        statement = select(*columns).where(among(self._connection, practices.c.tin, tins)).with_for_update()
        cursor: Any = self._connection.execute(statement).cursor
        rows: list[Kept] = cursor.fetchall()
        return {row[0]: row for row in rows}

    def write(self, rows: Sequence[Kept]) -> None:
        """Insert or replace them, past SQLAlchemy, whose work on each parameter took longer than the database."""
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql(_SQLITE, list(rows))
        else:
            columns = zip(*rows, strict=True)
            self._connection.exec_driver_sql(_POSTGRESQL, tuple(_BETWEEN.join(map(str, each)) for each in columns))
