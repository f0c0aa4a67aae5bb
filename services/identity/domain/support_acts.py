"""What support does to an account, and the reason that each act needs (IDN-14, IDN-15)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from chassis.kernel.errors import Fault, InvalidError
from services.identity.domain.words import is_printable_text

LONGEST_REASON: Final = 500

UNTIL_UNLOCKED: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""Until when an account is locked that support alone unlocks."""

PROPOSED_FOR: Final = timedelta(days=7)
"""How long an erasure waits for its second agent."""


@dataclass(frozen=True, slots=True)
class ErasureProposal:
    """One agent wants an account erased, on its owner's lawful request; another decides (IDN-15)."""

    user_id: str
    by: str
    reason: str
    at: datetime

    def waits_at(self, now: datetime) -> bool:
        """Whether it still counts."""
        return now < self.at + PROPOSED_FOR


@dataclass(frozen=True, slots=True)
class Sought:
    """What accounts are found by, folded; `digits` is empty where no number is meant."""

    text: str
    digits: str


def reason_taken_up(text: str) -> str:
    """The reason as it is kept; raises `InvalidError`."""
    reason = unicodedata.normalize("NFC", text).strip()
    if not reason or len(reason) > LONGEST_REASON or not is_printable_text(reason):
        detail = f"Say why, in 1 to {LONGEST_REASON} characters on one line: it stays in the history."
        raise InvalidError([Fault("/reason", "reason_required" if not reason else "text_invalid", detail)])
    return reason
