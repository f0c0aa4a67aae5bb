"""Wakes loops by PostgreSQL's NOTIFY, so that a commit in one process is acted upon in another without polling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from chassis.bus.loop import Wakeup
from chassis.db.engine import POSTGRESQL_PATIENCE


class Listener:
    """Listens on a connection of its own; driven by a `Loop`, one step a second or a notification.

    Nothing is kept for a listener while it is away: after each (re)connect every loop is woken once, and all poll.
    """

    def __init__(self, url: URL, wakeups: Mapping[str, Wakeup]) -> None:
        self._url = url
        self._wakeups = dict(wakeups)
        self._connection: psycopg.Connection[Any] | None = None

    def step(self) -> bool:
        """Wait up to a second for a notification and pass it on; raises where the database is lost."""
        try:
            connection = self._connection or self._connect()
            for notification in connection.notifies(timeout=1.0, stop_after=1):
                self._wakeups[notification.channel]()
        except Exception:
            self.close()
            raise
        return True

    def close(self) -> None:
        """Let the connection go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connect(self) -> psycopg.Connection[Any]:
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain, autocommit=True, **POSTGRESQL_PATIENCE)
        for channel, wakeup in self._wakeups.items():
            self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            wakeup()
        return self._connection
