"""The database's time as the clock of all processes that share it, whatever their machines take for the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from chassis.db.engine import database_now
from chassis.kernel.clock import Clock, SystemClock

_FRESH_FOR = 10.0


def clock_of(engine: Engine) -> Clock:
    """The clock for a service on this database. SQLite has no other time than that of its one machine."""
    return SystemClock() if engine.dialect.name == "sqlite" else DatabaseClock(engine)


class DatabaseClock:
    """Asks the database every ten seconds, and goes on by itself in between, also while the database is away.

    So what one process says is good until four, another does not take for over at three because its own clock is wrong
    (IDN-2, IDN-10). Until the database has once answered, `now` raises what SQLAlchemy does.
    """

    def __init__(self, engine: Engine, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._told: datetime | None = None
        self._told_at = 0.0

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        with self._lock:
            passed = self._monotonic() - self._told_at
            reckoned = self._told + timedelta(seconds=passed) if self._told else None
            if reckoned is not None and passed <= _FRESH_FOR:
                return reckoned
            self._told, self._told_at = self._asked(reckoned), self._monotonic()
            return self._told

    def _asked(self, otherwise: datetime | None) -> datetime:
        try:
            with self._engine.connect().execution_options(write=False) as connection, connection.begin():
                return database_now(connection)
        except SQLAlchemyError:
            if otherwise is None:
                raise
            return otherwise
