"""Authenticators: what people add to their account for the second step (IDN-3)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chassis.kernel.errors import Fault, InvalidError
from services.identity.domain.words import is_printable_text

LONGEST_NAME: Final = 60
MOST: Final = 10
"""How many of each kind one account may have."""

ENROLMENT: Final = timedelta(minutes=10)
"""How long one that was begun waits for its first code, or its key."""


class AuthenticatorKind(StrEnum):
    """What it is."""

    TOTP = "totp"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticator:
    """One authenticator; it counts once confirmed.

    `sealed_secret` opens with a key outside the database, for this row alone (IDN-16). `used_step` is the latest time
    step whose code was taken.
    """

    id: str
    user_id: str
    kind: AuthenticatorKind
    name: str
    sealed_secret: str
    created_at: datetime
    confirmed_at: datetime | None = None
    used_at: datetime | None = None
    used_step: int | None = None

    def awaits_code_at(self, now: datetime) -> bool:
        """Whether its first code may still come."""
        return self.confirmed_at is None and now < self.created_at + ENROLMENT

    def confirmed(self, step: int, now: datetime) -> Authenticator:
        """Once its first code came, which is spent by that."""
        return replace(self, confirmed_at=now, used_step=step)

    def used(self, step: int, now: datetime) -> Authenticator:
        """After a code of it was taken."""
        return replace(self, used_at=now, used_step=step)


def name_taken_up(text: str) -> str:
    """The name as it is kept; raises `InvalidError`."""
    name = unicodedata.normalize("NFC", text).strip()
    if not name or len(name) > LONGEST_NAME or not is_printable_text(name):
        detail = f"Write 1 to {LONGEST_NAME} characters on one line."
        raise InvalidError([Fault("/name", "text_invalid", detail)])
    return name
