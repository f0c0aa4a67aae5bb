"""Challenges: a flow that was begun with one proof and waits for the next, bound to the client that began it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.identity.domain.risk import NO_RISK, Risk
from services.identity.domain.sessions import Strength


class ChallengeKind(StrEnum):
    """Which flow; a challenge of one is nothing in another."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    NEW_PASSWORD = "new_password"  # noqa: S105 -- a flow, not a password


@dataclass(frozen=True, slots=True)
class Challenge:
    """A flow under way; `secret_hash` is the SHA-256 of what its client alone knows, `reason` why more is asked.

    `session_id` is the session that it was begun in, where it was begun in one; `strength` how strongly its client has
    shown who it is by now, where only a new password is wanted yet (IDN-8); `passkey_challenge` what a passkey of the
    account's is to sign, in base64url, where it has any;
    `device_id` is the trusted device that it was begun on, if any, and `risk` how unusual that was (IDN-4).
    """

    id: str
    kind: ChallengeKind
    user_id: str
    secret_hash: str
    site: str
    reason: str
    created_at: datetime
    expires_at: datetime
    session_id: str | None = None
    strength: Strength | None = None
    passkey_challenge: str | None = None
    device_id: str | None = None
    risk: Risk = NO_RISK

    def is_open_at(self, now: datetime) -> bool:
        """Whether it can still be answered."""
        return now < self.expires_at
