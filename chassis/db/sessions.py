"""What each service knows of sessions and keys by itself: which have ended, and which verify (IDN-10, IDN-12)."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, String, bindparam, delete, select

from chassis.db.bare import BareStatement
from chassis.db.engine import database_now, upsert
from chassis.db.tables import ended_session, verification_key

_KEYS_FRESH_FOR = 60.0
_ASK_AGAIN_AFTER = 0.25


def remember_ended_session(connection: Connection, session_id: str, until: datetime) -> None:
    """Note that a session has ended; `until` is when its last access token is over."""
    connection.execute(
        upsert(connection, ended_session)
        .values(session_id=session_id, remember_until=until)
        .on_conflict_do_nothing(index_elements=["session_id"])
    )


def forget_ended_sessions(connection: Connection, now: datetime) -> int:
    """Drop the notes that no token can need any more; returns how many."""
    return connection.execute(delete(ended_session).where(ended_session.c.remember_until < now)).rowcount


def remember_verification_key(
    connection: Connection, kid: str, public_key: Mapping[str, Any], expires_at: datetime | None
) -> None:
    """Keep a public key (a JWK) that access tokens may be signed with until `expires_at`."""
    values = {"public_key": dict(public_key), "expires_at": expires_at}
    connection.execute(
        upsert(connection, verification_key)
        .values(kid=kid, **values)
        .on_conflict_do_update(index_elements=["kid"], set_=values)
    )


class EndedSessions:
    """Asks the database at each token check; one look-up by primary key."""

    def __init__(self, engine: Engine) -> None:
        wanted = ended_session.c.session_id == bindparam("session_id", type_=String)
        self._ended = BareStatement(engine, select(ended_session.c.session_id).where(wanted))

    def __call__(self, session_id: str) -> bool:
        """Whether this session has ended before its time."""
        return bool(self._ended({"session_id": session_id}))


class VerificationKeys:
    """The public keys by their `kid`, read again after a minute, or at once for a `kid` not seen before."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._keys: dict[str, Mapping[str, Any]] = {}
        self._read_at = float("-inf")

    def __call__(self, kid: str) -> Mapping[str, Any] | None:
        """The JWK that verifies tokens of `kid`, or None for one unknown or expired."""
        with self._lock:
            age = time.monotonic() - self._read_at
            if age > _KEYS_FRESH_FOR or (kid not in self._keys and age > _ASK_AGAIN_AFTER):
                self._keys = self._read()
                self._read_at = time.monotonic()
            return self._keys.get(kid)

    def _read(self) -> dict[str, Mapping[str, Any]]:
        with self._engine.connect().execution_options(write=False) as connection:
            rows = connection.execute(select(verification_key)).all()
            now = database_now(connection)
        return {row.kid: row.public_key for row in rows if row.expires_at is None or row.expires_at > now}
