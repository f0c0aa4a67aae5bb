"""The keys that sign tokens: one current of each kind, older ones known while what they signed lives (IDN-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

PUBLISHED_AHEAD = timedelta(minutes=10)
"""How long before its first signature a key is known: twice as long as anybody may keep the set of keys."""


class Algorithm(StrEnum):
    """What tokens are signed with: access tokens with EdDSA alone, ID tokens as each client likes."""

    EDDSA = "EdDSA"
    RS256 = "RS256"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair; `sealed_private` opens only with the key from the settings, `public_key` is a JWK.

    It signs from `not_before` on until a successor does, and verifies until `expires_at`, None without a successor.
    """

    kid: str
    algorithm: Algorithm
    sealed_private: str
    public_key: Mapping[str, Any]
    not_before: datetime
    expires_at: datetime | None


def signing_at(keys: Sequence[SigningKey], now: datetime) -> SigningKey | None:
    """The one of an algorithm's keys that signs at that moment: the last that has begun, else the first to begin."""
    begun = [key for key in keys if key.not_before <= now]
    return (
        max(begun, key=lambda key: key.not_before) if begun else min(keys, key=lambda key: key.not_before, default=None)
    )
