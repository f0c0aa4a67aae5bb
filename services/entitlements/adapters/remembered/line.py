"""The connection on which word of changes comes, and by which it is known that no word is missing (ENT-10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol, Self

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy.engine import URL

from chassis.db.engine import POSTGRESQL_LIMITS, POSTGRESQL_PATIENCE

CHANNEL: Final = "wardenry_checks"
"""Where the triggers of migration 0010 say what has changed."""

_TELLING: Final = b"""
    SELECT count(*) FROM pg_trigger WHERE tgname IN ('tells_checks', 'tells_checks_all') AND tgenabled = 'A'
    AND tgrelid IN (to_regclass('access'), to_regclass('person'), to_regclass('practice'), to_regclass('suspension'))
"""
_TRIGGERS: Final = b"8"

_SETTINGS: Final[Mapping[str, Any]] = {
    "application_name": "wardenry checks",
    "options": POSTGRESQL_LIMITS,
    **POSTGRESQL_PATIENCE,
}


class Line(Protocol):
    """What a keeper needs of it; anything that goes wrong raises."""

    def round_trip(self) -> None:
        """Return once the server has answered something that was sent after this was called."""

    def tells(self) -> bool:
        """The same, and whether the database tells of changes at all."""

    def words(self) -> Iterator[str]:
        """What has come up to the last answer; each word once."""

    def close(self) -> None:
        """Let it go."""


class PostgresqlLine:
    """A connection that listens, outside of any pool.

    PostgreSQL queues notifications in the order of commits, signals all listeners before whoever committed hears of it,
    and hands a listener what is queued before it says that it is ready for the next command. libpq is called by itself:
    psycopg's own cursors would take words out of the connection unseen.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._server = connection.pgconn

    @classmethod
    def to(cls, url: URL) -> Self:
        """Connect, and listen from now on."""
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(plain, autocommit=True, **_SETTINGS)
        try:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        except Exception:
            connection.close()
            raise
        return cls(connection)

    def round_trip(self) -> None:
        self._answer(b"", ExecStatus.EMPTY_QUERY)

    def tells(self) -> bool:
        return self._answer(_TELLING, ExecStatus.TUPLES_OK).get_value(0, 0) == _TRIGGERS

    def words(self) -> Iterator[str]:
        while (word := self._server.notifies()) is not None:
            yield word.extra.decode()

    def close(self) -> None:
        self._connection.close()

    def _answer(self, command: bytes, expected: ExecStatus) -> PGresult:
        result = self._server.exec_(command)
        if result.status != expected:
            raise psycopg.OperationalError("the connection that listens for changes is lost")
        return result
