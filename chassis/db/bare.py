"""Statements handed to the driver as they are, for what is asked so often that SQLAlchemy's share counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import ClauseElement, Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

_CURSOR: Final = "bare_cursor"
"""Where a pooled connection keeps its cursor for such statements: making one takes longer than using it."""


class BareStatement:
    """One statement that gives rows, compiled once, in one word with the database, on a pooled connection. It sees what
    is committed, and what it changes is committed with it.

    Values come as the driver has them, without SQLAlchemy's types. Errors are SQLAlchemy's, as everywhere, and tell no
    value (IDN-16).
    """

    def __init__(self, engine: Engine, statement: ClauseElement) -> None:
        self._engine = engine
        self._form = _form(engine, statement)

    def __call__(self, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """All rows for these values of its parameters."""
        pooled: PoolProxiedConnection | None = None
        try:
            pooled = self._engine.raw_connection()
            return self._form.rows(pooled, values)
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._told(error, pooled) from error
        finally:
            if pooled is not None:
                pooled.close()

    def _told(self, error: Any, pooled: PoolProxiedConnection | None) -> Exception:
        """A connection that broke is not used again, and there may have been none."""
        dialect = self._engine.dialect
        broke = pooled is not None and dialect.is_disconnect(error, pooled.driver_connection, None)
        if pooled is not None and broke:
            pooled.invalidate(error)
        return as_sqlalchemys(dialect, self._form.text, error, broke=broke)


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
        raise as_sqlalchemys(connection.dialect, text, error, broke=broke) from error


class _Form(Protocol):
    text: str

    def rows(self, pooled: PoolProxiedConnection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]: ...


class _Plain:
    """As SQLite takes it."""

    def __init__(self, engine: Engine, statement: ClauseElement) -> None:
        compiled: Any = statement.compile(dialect=engine.dialect)
        self.text = str(compiled)
        self._names: Sequence[str] = compiled.positiontup

    def rows(self, pooled: PoolProxiedConnection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        cursor = _cursor_of(pooled)
        cursor.execute(self.text, [values[name] for name in self._names])
        return cursor.fetchall()  # type: ignore[no-any-return]


def _form(engine: Engine, statement: ClauseElement) -> _Form:
    if engine.dialect.name == "sqlite":
        return _Plain(engine, statement)
    from chassis.db.prepared import PreparedStatement  # noqa: PLC0415 (slow to import, and the embedded mode has none)

    return PreparedStatement(engine, statement)


def _cursor_of(pooled: PoolProxiedConnection) -> Any:
    cursor = pooled.info.get(_CURSOR)
    if cursor is None:
        cursor = pooled.info[_CURSOR] = pooled.driver_connection.cursor()  # type: ignore[union-attr]
    return cursor


def as_sqlalchemys(dialect: Dialect, text: str, error: Any, *, broke: bool) -> Exception:
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
