"""Codes of six digits that prove a contact: what for, how long, how often (IDN-2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from services.identity.domain.contacts import ContactKind

DIGITS = 6


class Purpose(StrEnum):
    """What a code is good for, and for nothing else."""

    CONFIRM_EMAIL = "confirm_email"
    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    CONTACT = "contact"
    VOUCHED_CONTACT = "vouched_contact"
    RECOVER_PASSWORD = "recover_password"  # noqa: S105 -- a purpose, not a password


class Channel(StrEnum):
    """How a code travels."""

    EMAIL = "email"
    SMS = "sms"


CHANNELS = {ContactKind.EMAIL: Channel.EMAIL, ContactKind.MOBILE: Channel.SMS}
"""How each kind of contact is reached."""


class CodeState(StrEnum):
    """Whether a code can still be redeemed."""

    OPEN = "open"
    VOID = "void"
    REDEEMED = "redeemed"


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept: `digest` is the keyed hash of its digits, `challenge_id` the flow it was asked in."""

    id: str
    user_id: str
    purpose: Purpose
    channel: Channel
    contact_id: str
    challenge_id: str | None
    digest: str
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CodeRules:
    """How long a code lives and how often one may be asked for, per account, channel and purpose.

    From where its owner never signed in only `elsewhere` of the `most` are: whoever knows a password, and no more,
    leaves the others to its owner.
    """

    lifetime: timedelta = timedelta(minutes=10)
    pause: timedelta = timedelta(minutes=1)
    most: int = 5
    elsewhere: int = 3
    period: timedelta = timedelta(hours=1)

    def wait(self, issued: Sequence[datetime], now: datetime, *, is_familiar: bool = True) -> int:
        """Seconds until the next may be sent; `issued` are the moments of those not redeemed, in any order."""
        recent = sorted(moment for moment in issued if moment + self.period > now)
        free_at = [moment + self.pause for moment in recent[-1:]]
        most = self.most if is_familiar else min(self.elsewhere, self.most)
        if len(recent) >= most:
            free_at.append(recent[-most] + self.period)
        return max((ceil((moment - now).total_seconds()) for moment in free_at if moment > now), default=0)


def digits_of(text: str) -> str:
    """A code as typed or pasted, without blanks and dashes, in plain digits."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in plain if not letter.isspace() and letter not in "-–")
