"""What every service does with two of identity's events, to check access tokens by itself (IDN-10, IDN-12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from chassis.db.sessions import remember_ended_session, remember_verification_key

SESSION_ENDED = "identity.session.ended.v1"
SIGNING_KEY_ROTATED = "identity.signing_key.rotated.v1"


def _session_ended(connection: Connection, data: Mapping[str, Any]) -> None:
    remember_ended_session(connection, data["session_id"], datetime.fromisoformat(data["remember_until"]))


def _signing_key_rotated(connection: Connection, data: Mapping[str, Any]) -> None:
    ends = data.get("expires_at")
    remember_verification_key(
        connection, data["kid"], data["public_key"], datetime.fromisoformat(ends) if ends else None
    )


STANDING_EFFECTS: Mapping[str, Callable[[Connection, Mapping[str, Any]], None]] = {
    SESSION_ENDED: _session_ended,
    SIGNING_KEY_ROTATED: _signing_key_rotated,
}
