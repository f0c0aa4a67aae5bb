"""Statements within a transaction that go to PostgreSQL as `chassis.db.prepared` has them, for what is asked often."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import JSON, Connection
from sqlalchemy.pool import PoolProxiedConnection

from chassis.db.bare import as_sqlalchemys

if TYPE_CHECKING:
    from chassis.db.prepared import PreparedStatement


class StatementWithin:
    """One statement, compiled once, in whatever transaction is begun on a connection, or in none.

    Rows have their columns by place and by name, with values as SQLAlchemy would give them: texts, whole numbers,
    booleans, dates, moments in UTC, JSON. Errors are SQLAlchemy's, and tell no value (IDN-16).
    """

    def __init__(self, statement: Any) -> None:
        """A `SELECT`, a union, or a change with or without `RETURNING`."""
        self._statement = statement
        columns = list(statement.exported_columns)
        self._row: Any = namedtuple("_row", [each.name for each in columns], rename=True) if columns else None  # noqa: PYI024 -- its columns are known here alone
        self._documents = [place for place, each in enumerate(columns) if isinstance(each.type, JSON)]
        self._form: PreparedStatement | None = None

    def __call__(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """All rows for these values of its parameters."""
        if connection.dialect.name == "sqlite":
            found = connection.execute(self._statement, values)
            return found.all() if found.returns_rows else ()
        form, pooled = self._prepared(connection), connection.connection
        try:
            rows = form.rows_within(pooled, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _told(connection, pooled, form.text, error) from error
        return [self._named(row) for row in rows]

    def _prepared(self, connection: Connection) -> PreparedStatement:
        if self._form is None:
            from chassis.db.prepared import PreparedStatement  # noqa: PLC0415 (slow to import, and the embedded mode has none)

            self._form = PreparedStatement(connection.engine, self._statement)
        return self._form

    def _named(self, row: tuple[Any, ...]) -> Any:
        if not self._documents:
            return self._row._make(row)
        values = list(row)
        for place in self._documents:
            values[place] = None if values[place] is None else orjson.loads(values[place])
        return self._row._make(values)


def _told(connection: Connection, pooled: PoolProxiedConnection, text: str, error: Any) -> Exception:
    broke = connection.dialect.is_disconnect(error, pooled.driver_connection, None)
    if broke:
        connection.invalidate(error)
    return as_sqlalchemys(connection.dialect, text, error, broke=broke)
