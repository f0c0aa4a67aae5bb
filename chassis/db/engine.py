"""Engines for both databases, with the settings under which nothing acknowledged is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from select import POLLIN, poll
from typing import Any, Final

import orjson
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    any_,
    create_engine,
    event,
    func,
    literal,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError

from chassis.db.types import UtcDateTime
from chassis.telemetry.meters import ConnectionsMeter

POSTGRESQL_LIMITS = (
    "-c statement_timeout=20000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=5000 -c timezone=UTC "
    "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c tcp_user_timeout=5000"
)
"""Nothing lasts, and what a client that has gone without a word had locked is free within five seconds (OPS-8)."""
POSTGRESQL_PATIENCE: Final[Mapping[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}
"""A server that has gone without a word is missed within five seconds (OPS-8)."""

ROLLED_BACK: Final = "wardenry.rolled_back"
"""Under this, a pooled connection to PostgreSQL says that a transaction was rolled back in it."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
)


def make_engine(url: str | URL, *, pool_size: int = 10, meter: ConnectionsMeter | None = None) -> Engine:
    """An engine for `postgresql+psycopg://…` or `sqlite:///…`; it connects at first use.

    Every transaction on SQLite takes the write lock at once, unless the connection has the execution option
    `write=False`: a deferred one that reads and then writes fails where another wrote in between. Errors do not
    tell the values of a statement, which may be secrets or personal (IDN-16).
    """
    address = make_url(url)
    overflow = pool_size
    if address.get_backend_name() == "sqlite":
        overflow = 2 * pool_size
        engine = _sqlite_engine(address, pool_size, overflow)
    else:
        engine = _postgresql_engine(address, pool_size, overflow)
    if meter is not None:
        meter.offered(pool_size + overflow)
        event.listen(engine, "checkout", lambda *_: meter.taken())
        event.listen(engine, "checkin", lambda *_: meter.given_back())
    return engine


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads what is committed, in as few words with the database as there are statements.

    PostgreSQL's statements each see what is committed as they begin, in a transaction or not; SQLite reads as of the
    first one. PostgreSQL plans each for the values that it has: a plan for whichever values would read all people for
    those of one practice.
    """
    options: dict[str, Any] = {"write": False}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"
    with engine.connect().execution_options(**options) as connection, connection.begin(), _unprepared(connection):
        yield connection


def database_now(connection: Connection) -> datetime:
    """The database's own time: what several machines with clocks of their own agree on. SQLite has the machine's."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def sql_now(connection: Connection) -> ColumnElement[datetime]:
    """`database_now` as a part of a statement, which spares asking for it."""
    if connection.dialect.name == "sqlite":
        return literal(datetime.now(UTC), UtcDateTime())
    return func.clock_timestamp(type_=UtcDateTime())


def among(connection: Connection, column: Column[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a column is one of `values`: the same statement however many they are, where the database can."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(values)


def upsert(connection: Connection, table: Table) -> Any:
    """The dialect's own `INSERT` into `table`, which offers `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)


@contextmanager
def _unprepared(connection: Connection) -> Iterator[None]:
    """No statement is prepared in the block, where the driver would do so by itself."""
    driver: Any = connection.connection.driver_connection
    usual = getattr(driver, "prepare_threshold", None)
    if usual is None:
        yield
        return
    driver.prepare_threshold = None
    try:
        yield
    finally:
        driver.prepare_threshold = usual


def _postgresql_engine(address: URL, pool_size: int, overflow: int) -> Engine:
    engine = create_engine(
        address,
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=10,
        connect_args={"options": POSTGRESQL_LIMITS, **POSTGRESQL_PATIENCE},
        hide_parameters=True,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "checkout", _refuse_closed)
    event.listen(engine, "rollback", _note_rollback)
    event.listen(engine, "rollback_savepoint", _note_rollback)
    return engine


def _note_rollback(connection: Connection, *_: object) -> None:
    """As it rolls back, wholly or to a savepoint, psycopg drops all that is prepared."""
    if not connection.invalidated:
        connection.connection.info[ROLLED_BACK] = True


def _refuse_closed(dbapi_connection: Any, _record: object, _proxy: object) -> None:
    """Have the pool connect anew where the server has closed the connection meanwhile; no round trip is needed for it.

    Nobody listens on a pooled connection, so that whatever there is to read is the server's farewell.
    """
    waiting = poll()
    waiting.register(dbapi_connection.fileno(), POLLIN)
    if waiting.poll(0):
        raise DisconnectionError


def _sqlite_engine(address: URL, pool_size: int, overflow: int) -> Engine:
    engine = create_engine(
        address,
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=10,
        connect_args={"check_same_thread": False, "timeout": 10},
        hide_parameters=True,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        dbapi_connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()
