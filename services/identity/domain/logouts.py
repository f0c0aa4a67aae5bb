"""What clients are owed when a session of theirs ends: to be told, again and again, until they have it (IDN-11)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
LEASE = timedelta(minutes=1)
TOLD_FOR = timedelta(hours=12)
TOKEN_LIFETIME = timedelta(minutes=2)
_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=10)
_MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLogout:
    """One client, one session that ended. Due at `due_at`; who claims it moves that on, for as long as a try takes."""

    id: str
    client_id: str
    user_id: str
    session_id: str
    ended_at: datetime
    due_at: datetime
    attempts: int = 0

    def claimed(self, now: datetime) -> OwedLogout:
        """One more attempt: its own until the lease is over, for a killed sender never says how it went."""
        return replace(self, attempts=self.attempts + 1, due_at=now + LEASE)

    def postponed(self, now: datetime) -> OwedLogout | None:
        """To be tried again; None where it has been tried for as long as a session lasts at most."""
        if now >= self.ended_at + TOLD_FOR:
            return None
        pause = min(_LONGEST, _FIRST * 2 ** min(self.attempts - 1, _MOST_DOUBLINGS))
        return replace(self, due_at=now + pause)

    def claims(self, now: datetime) -> dict[str, Any]:
        """What a logout token says (OpenID Connect Back-Channel Logout, section 2.4); never a nonce."""
        return {
            "aud": self.client_id,
            "sub": self.user_id,
            "sid": self.session_id,
            "iat": int(now.timestamp()),
            "exp": int((now + TOKEN_LIFETIME).timestamp()),
            "jti": f"{self.id}.{self.attempts}",
            "events": {EVENT: {}},
        }
