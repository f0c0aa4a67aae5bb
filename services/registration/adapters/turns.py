"""One import of the directory at a time, by locks that end with the process that holds them."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from services.registration.application.directory_file import Turn
from services.registration.application.errors import ImportRunningError

_KEY = 0x44495245  # "DIRE": PostgreSQL knows advisory locks by number


def turn_for(engine: Engine) -> Turn:
    """The turn at this engine's database."""
    return _PostgresqlTurn(engine) if engine.dialect.name == "postgresql" else _FileTurn(engine)


class _PostgresqlTurn:
    """An advisory lock of a connection that does nothing else; given back in so many words, since a server may take its
    time to see that a connection has closed, and closed then rather than pooled.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self) -> AbstractContextManager[None]:
        return self._held()

    @contextmanager
    def _held(self) -> Iterator[None]:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar_one():
                raise _running()
            try:
                yield
            finally:
                with suppress(DBAPIError):  # a connection that is lost holds nothing
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
        finally:
            connection.invalidate()
            connection.close()


class _FileTurn:
    """A lock on a file beside the SQLite database."""

    def __init__(self, engine: Engine) -> None:
        self._path = Path(f"{engine.url.database}.import-lock")

    def __call__(self) -> AbstractContextManager[None]:
        return self._held()

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _running() from None
            yield


def _running() -> ImportRunningError:
    return ImportRunningError("Another import of the directory is under way: wait for its end, then import again.")
