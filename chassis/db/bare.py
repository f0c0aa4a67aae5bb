"""Reading statements handed to the driver as they are, for what is asked so often that SQLAlchemy's share counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

_CURSOR: Final = "bare_cursor"
"""Where a pooled connection keeps its cursor for such statements: making one takes longer than using it."""


class BareStatement:
    """One `SELECT`, compiled once. It reads what is committed, in one word with the database, on a pooled connection.

    Values come as the driver has them, without SQLAlchemy's types. Errors are SQLAlchemy's, as everywhere, and tell no
    value (IDN-16).
    """

    def __init__(self, engine: Engine, statement: Select[Any]) -> None:
        compiled = statement.compile(dialect=engine.dialect)
        self._engine = engine
        self._text = str(compiled)
        self._names = compiled.positiontup
        self._must_be_told = engine.dialect.name == "postgresql"  # that no transaction is to begin

    def __call__(self, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """All rows for these values of its parameters."""
        parameters = values if self._names is None else [values[name] for name in self._names]
        pooled: PoolProxiedConnection | None = None
        try:
            pooled = self._engine.raw_connection()
            return self._rows(pooled, parameters)
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._told(error, pooled) from error
        finally:
            if pooled is not None:
                pooled.close()

    def _rows(self, pooled: PoolProxiedConnection, parameters: Any) -> Sequence[tuple[Any, ...]]:
        connection: Any = pooled.driver_connection
        cursor = _cursor_of(pooled)
        if not self._must_be_told:
            cursor.execute(self._text, parameters)
            return cursor.fetchall()  # type: ignore[no-any-return]
        connection.autocommit = True
        try:
            cursor.execute(self._text, parameters)
            return cursor.fetchall()  # type: ignore[no-any-return]
        finally:
            if not connection.closed:
                connection.autocommit = False

    def _told(self, error: Any, pooled: PoolProxiedConnection | None) -> Exception:
        """A connection that broke is not used again, and there may have been none."""
        dialect = self._engine.dialect
        broke = pooled is not None and dialect.is_disconnect(error, pooled.driver_connection, None)
        if pooled is not None and broke:
            pooled.invalidate(error)
        return _as_sqlalchemys(dialect, self._text, error, broke=broke)


def rows_within(connection: Connection, text: str, parameters: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
    """All rows of one `SELECT` in the driver's own words, within the transaction that is begun on the connection.

    Values and errors are as with a `BareStatement`.
    """
    pooled = connection.connection
    try:
        cursor = _cursor_of(pooled)
        cursor.execute(text, parameters)
        return cursor.fetchall()  # type: ignore[no-any-return]
    except connection.dialect.loaded_dbapi.Error as error:
        broke = connection.dialect.is_disconnect(error, pooled.driver_connection, None)
        if broke:
            connection.invalidate(error)
        raise _as_sqlalchemys(connection.dialect, text, error, broke=broke) from error


def _cursor_of(pooled: PoolProxiedConnection) -> Any:
    cursor = pooled.info.get(_CURSOR)
    if cursor is None:
        cursor = pooled.info[_CURSOR] = pooled.driver_connection.cursor()  # type: ignore[union-attr]
    return cursor


def _as_sqlalchemys(dialect: Dialect, text: str, error: Any, *, broke: bool) -> Exception:
    """The error as SQLAlchemy tells it."""
    told: Exception = DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broke,
        dialect=dialect,
    )
    return told
