"""Web sessions in SQL: found by the hash of a random token, their data sealed for their own row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, update

from chassis.kernel.clock import Clock
from chassis.security.random import SystemRandomness, stored_form
from chassis.security.sealing import SealBrokenError, Sealer
from services.portal.adapters.tables import web_session
from services.portal.application.ports import KeptSession

_LEASE: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long sessions live: idle while signed in, idle for visitors, and in any case (IDN-10)."""

    idle: timedelta
    visitor_idle: timedelta
    longest: timedelta

    def idle_end(self, now: datetime, sid: str | None) -> datetime:
        """When a session used now ends by idling."""
        return now + (self.idle if sid else self.visitor_idle)


class SqlWebSessions:
    """`services.portal.application.ports.WebSessions`."""

    def __init__(self, engine: Engine, sealer: Sealer, lifetimes: Lifetimes, clock: Clock) -> None:
        self._engine = engine
        self._sealer = sealer
        self._lifetimes = lifetimes
        self._clock = clock
        self._randomness = SystemRandomness()

    def find(self, token: str, site: str) -> KeptSession | None:
        """The session as it was last committed."""
        with self._engine.connect().execution_options(write=False) as connection, connection.begin():
            row = self._row(connection, token)
        if row is None or row.site != site:
            return None
        data = self._open(row)
        return None if data is None else KeptSession(data, row.site, row.sid, row.used_at, row.ends_at)

    def create(self, site: str, data: Mapping[str, Any], sid: str | None) -> str:
        """A new session."""
        token, now = self._randomness.token(), self._clock.now()
        ends_at = now + self._lifetimes.longest
        values = {
            "id_hash": stored_form(token),
            "site": site,
            "sid": sid,
            "sealed": self._seal(stored_form(token), data),
            "used_at": now,
            "idle_ends_at": min(self._lifetimes.idle_end(now, sid), ends_at),
            "ends_at": ends_at,
        }
        with self._engine.begin() as connection:
            connection.execute(insert(web_session).values(values))
        return token

    def change(self, token: str, changed: Mapping[str, Any], removed: Sequence[str], sid: str | None) -> bool:
        """Change what is there now, under a lock on the row."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            row = self._row(connection, token, for_update=True)
            data = None if row is None else self._open(row)
            if row is None or data is None:
                return False
            values: dict[str, Any] = {
                "sid": sid,
                "used_at": now,
                "idle_ends_at": min(self._lifetimes.idle_end(now, sid), row.ends_at),
            }
            if changed or removed:
                kept = {name: value for name, value in data.items() if name not in removed}
                values["sealed"] = self._seal(row.id_hash, {**kept, **changed})
            connection.execute(update(web_session).where(web_session.c.id_hash == row.id_hash).values(values))
        return True

    def remove(self, token: str) -> None:
        """Delete the row, and all that was in it."""
        with self._engine.begin() as connection:
            connection.execute(delete(web_session).where(web_session.c.id_hash == stored_form(token)))

    def lease(self, token: str) -> bool:
        """Take the lease unless somebody holds it; it is over after 20 seconds in any case."""
        now = self._clock.now()
        is_free = or_(web_session.c.leased_until.is_(None), web_session.c.leased_until <= now)
        statement = update(web_session).where(web_session.c.id_hash == stored_form(token), is_free)
        with self._engine.begin() as connection:
            return connection.execute(statement.values(leased_until=now + _LEASE)).rowcount == 1

    def release(self, token: str) -> None:
        """Give the lease back."""
        statement = update(web_session).where(web_session.c.id_hash == stored_form(token)).values(leased_until=None)
        with self._engine.begin() as connection:
            connection.execute(statement)

    def forget_ended(self) -> bool:
        """Delete the sessions that are over; nothing depends on when."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            connection.execute(
                delete(web_session).where(or_(web_session.c.idle_ends_at <= now, web_session.c.ends_at <= now))
            )
        return False

    def _row(self, connection: Connection, token: str, *, for_update: bool = False) -> Row[Any] | None:
        now = self._clock.now()
        statement = select(web_session).where(
            web_session.c.id_hash == stored_form(token),
            web_session.c.idle_ends_at > now,
            web_session.c.ends_at > now,
        )
        return connection.execute(statement.with_for_update() if for_update else statement).one_or_none()

    def _seal(self, id_hash: str, data: Mapping[str, Any]) -> str:
        return self._sealer.seal(orjson.dumps(data), _place(id_hash))

    def _open(self, row: Row[Any]) -> dict[str, Any] | None:
        """None for what no key here opens: after keys were taken away a session is over, not an error."""
        try:
            data: dict[str, Any] = orjson.loads(self._sealer.unseal(row.sealed, _place(row.id_hash)))
        except SealBrokenError:
            return None
        return data


def _place(id_hash: str) -> str:
    return f"web_session.sealed:{id_hash}"
