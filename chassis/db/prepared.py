"""A statement prepared by PostgreSQL and sent by libpq's own calls: a cursor takes longer than the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, Final

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import ClauseElement, Engine
from sqlalchemy.pool import PoolProxiedConnection

_PREPARED: Final = "wardenry.prepared"
"""Under this, a pooled connection knows what was prepared in it; both end together."""

_STALE: Final = frozenset({"0A000", "26000"})  # its tables have changed, or somebody has dropped it
_numbers = count()

Reader = Callable[[bytes], Any]


class PreparedStatement:
    """Its rows, each in a transaction of its own. Moments come aware and in UTC, JSON comes as its text."""

    def __init__(self, engine: Engine, statement: ClauseElement) -> None:
        dialect: Any = type(engine.dialect)
        compiled: Any = statement.compile(dialect=dialect(paramstyle="numeric_dollar"))
        self.text = str(compiled)
        self._names: Sequence[str] = compiled.positiontup

    def rows(self, pooled: PoolProxiedConnection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All of them; raises the driver's errors."""
        driver: Any = pooled.driver_connection
        given = [_given(values[name]) for name in self._names]
        known: dict[PreparedStatement, bytes] = pooled.info.setdefault(_PREPARED, {})
        try:
            result = self._sent(driver.pgconn, known, given)
        except psycopg.Error as error:
            if error.sqlstate not in _STALE or self not in known:
                raise
            del known[self]
            result = self._sent(driver.pgconn, known, given)
        readers = [_READERS[result.ftype(column)] for column in range(result.nfields)]
        return [_row(result, number, readers) for number in range(result.ntuples)]

    def _sent(self, server: PGconn, known: dict[PreparedStatement, bytes], given: list[Any]) -> PGresult:
        name = known.get(self)
        if name is None:
            name = b"wardenry_%d" % next(_numbers)
            _checked(server, server.prepare(name, self.text.encode()))
            known[self] = name
        return _checked(server, server.exec_prepared(name, given))


def _checked(server: PGconn, result: PGresult) -> PGresult:
    if result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return result
    if server.status == ConnStatus.BAD:
        raise psycopg.OperationalError("the connection is lost")
    raise error_from_result(result)


def _row(result: PGresult, number: int, readers: Sequence[Reader]) -> tuple[Any, ...]:
    values = (result.get_value(number, column) for column in range(len(readers)))
    return tuple(None if value is None else read(value) for value, read in zip(values, readers, strict=True))


def _given(value: Any) -> bytes | None:
    """A parameter as the server reads it."""
    if value is None:
        return None
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    if "\0" in text:
        raise psycopg.DataError("a text with a NUL, at which libpq would cut it")
    return text.encode()


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
    1184: _moment,
    3802: bytes.decode,
}
"""By the number of the type in PostgreSQL's catalogue: boolean, whole numbers, texts, a moment, JSON."""
