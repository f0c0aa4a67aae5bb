"""Contacts: an account's e-mail addresses and mobile numbers, and how they are shown without giving them away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

MOST: Final = 5
"""How many of each kind one account may have."""

_DOTS: Final = "•••"
_SHOWN_DIGITS: Final = 2


class ContactKind(StrEnum):
    """What a contact is reached by."""

    EMAIL = "email"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Contact:
    """One address of an account; a code goes only to a verified one (IDN-2), but the code that verifies it.

    `pending` is what a verified one becomes once a code to that came back; until then it stays as it is (IDN-5).
    """

    id: str
    kind: ContactKind
    value: str
    verified_at: datetime | None
    created_at: datetime
    pending: str | None = None

    @property
    def hint(self) -> str:
        """Enough for the owner to know which one it is, too little for anybody else."""
        return hint_of(self.kind, self.value)

    @property
    def unproven(self) -> str | None:
        """Where the code that verifies it goes; None where there is nothing to verify."""
        return self.pending or (None if self.verified_at else self.value)

    def is_at(self, value: str) -> bool:
        """Whether it is that address or number, or is to become it, whatever the case."""
        return value.lower() in {self.value.lower(), (self.pending or self.value).lower()}

    def wished(self, value: str) -> Contact:
        """Entered anew: what was never verified is replaced at once, what was verified stays until the new one is.

        The value that it has already gives up what it was to become.
        """
        if self.verified_at is None:
            return replace(self, value=value)
        return replace(self, pending=None if value == self.value else value)

    def verified(self, now: datetime) -> Contact:
        """Once a code to what was unproven came back."""
        return replace(self, value=self.pending or self.value, pending=None, verified_at=now)


def hint_of(kind: ContactKind, value: str) -> str:
    """The address or number, masked."""
    if kind is ContactKind.MOBILE:
        return f"{_DOTS}{value[-_SHOWN_DIGITS:]}"
    local, _, domain = value.rpartition("@")
    return f"{local[:1]}{_DOTS}@{domain}"
