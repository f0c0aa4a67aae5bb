"""A statement prepared by PostgreSQL and sent by libpq's own calls: a cursor takes longer than the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, Final

import orjson
import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import ClauseElement, Engine
from sqlalchemy.pool import PoolProxiedConnection

from chassis.db.engine import ROLLED_BACK

_PREPARED: Final = "wardenry.prepared"
"""Under this, a pooled connection knows what was prepared in it; both end together."""

_STALE: Final = frozenset({"0A000", "26000"})  # its tables have changed, or somebody has dropped it
_numbers = count()

Reader = Callable[[bytes], Any]


class PreparedStatement:
    """Its rows, each time in a transaction of its own or in one that is begun. Moments come aware and in UTC, JSON
    comes as its text; it goes as its text, or as what it means.
    """

    def __init__(self, engine: Engine, statement: ClauseElement) -> None:
        dialect: Any = type(engine.dialect)
        compiled: Any = statement.compile(dialect=dialect(paramstyle="numeric_dollar"))
        self.text = str(compiled)
        self._names: Sequence[str] = compiled.positiontup

    def rows(self, pooled: PoolProxiedConnection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All of them, in a transaction of its own; raises the driver's errors."""
        return self._rows(pooled, values, again=True)

    def rows_within(self, pooled: PoolProxiedConnection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All of them, in the connection's transaction, which is begun if it has to be; what fails is over with it."""
        driver: Any = pooled.driver_connection
        if not driver.autocommit and driver.pgconn.transaction_status == TransactionStatus.IDLE:
            _checked(driver.pgconn, driver.pgconn.exec_(b"BEGIN"))
        return self._rows(pooled, values, again=driver.autocommit)

    def _rows(self, pooled: PoolProxiedConnection, values: Mapping[str, Any], *, again: bool) -> list[tuple[Any, ...]]:
        driver: Any = pooled.driver_connection
        given = [_given(values[name]) for name in self._names]
        known = _known_in(pooled, driver.pgconn)
        try:
            result = self._sent(driver.pgconn, known, given)
        except psycopg.Error as error:
            if error.sqlstate not in _STALE or self not in known:
                raise
            del known[self]
            if not again:
                raise
            result = self._sent(driver.pgconn, known, given)
        readers = known[self].readers_of(result)
        return [_row(result, number, readers) for number in range(result.ntuples)]

    def _sent(self, server: PGconn, known: dict[PreparedStatement, _Known], given: list[Any]) -> PGresult:
        here = known.get(self)
        if here is None:
            here = _Known(b"wardenry_%d" % next(_numbers))
            _checked(server, server.prepare(here.name, self.text.encode()))
            known[self] = here
        return _checked(server, server.exec_prepared(here.name, given))


def _known_in(pooled: PoolProxiedConnection, server: PGconn) -> dict[PreparedStatement, _Known]:
    """What is prepared in the connection. After a rollback the server is asked: in the middle of a transaction there is
    no second try.
    """
    known: dict[PreparedStatement, _Known] = pooled.info.setdefault(_PREPARED, {})
    if pooled.info.pop(ROLLED_BACK, False) and known:
        found = _checked(server, server.exec_(b"SELECT name FROM pg_prepared_statements"))
        there = {found.get_value(number, 0) for number in range(found.ntuples)}
        known = pooled.info[_PREPARED] = {each: here for each, here in known.items() if here.name in there}
    return known


class _Known:
    """A statement that was prepared in one connection, where its columns keep their types."""

    def __init__(self, name: bytes) -> None:
        self.name = name
        self._readers: Sequence[tuple[int, Reader]] | None = None

    def readers_of(self, result: PGresult) -> Sequence[tuple[int, Reader]]:
        if self._readers is None:
            self._readers = [(column, _READERS[result.ftype(column)]) for column in range(result.nfields)]
        return self._readers


def _checked(server: PGconn, result: PGresult) -> PGresult:
    if result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return result
    if server.status == ConnStatus.BAD:
        raise psycopg.OperationalError("the connection is lost")
    raise error_from_result(result)


def _row(result: PGresult, number: int, readers: Sequence[tuple[int, Reader]]) -> tuple[Any, ...]:
    cell = result.get_value
    return tuple([None if (value := cell(number, column)) is None else read(value) for column, read in readers])


def _given(value: Any) -> bytes | None:
    """A parameter as the server reads it."""
    if value is None:
        return None
    text = value if isinstance(value, str) else _as_text(value)
    if "\0" in text:
        raise psycopg.DataError("a text with a NUL, at which libpq would cut it")
    return text.encode()


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode()
    return str(value)


def _moment(value: bytes) -> datetime:
    return datetime.fromisoformat(value.decode())


_READERS: Final[Mapping[int, Reader]] = {
    16: lambda value: value == b"t",
    20: int,
    21: int,
    23: int,
    25: bytes.decode,
    114: bytes.decode,
    1043: bytes.decode,
    1082: lambda value: date.fromisoformat(value.decode()),
    1184: _moment,
    3802: bytes.decode,
}
"""By the number of the type in PostgreSQL's catalogue: boolean, whole numbers, texts, a date, a moment, JSON."""
