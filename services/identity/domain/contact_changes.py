"""Changes of an account's contacts, each of which whoever was reached before can undo for a while (IDN-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import InvalidError
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.profile_rules import Faults, email_address, phone_number

_RULES = {ContactKind.EMAIL: email_address, ContactKind.MOBILE: phone_number}


class Turn(StrEnum):
    """What became of a contact."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNDONE = "undone"


class Standing(StrEnum):
    """How somebody who is told stands to it: reached before, and able to undo it, or reached by it alone."""

    FORMER = "former"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A change that took effect: `before` are all contacts that the account had, `digest` is the SHA-256 of the token
    that undoes it, good until `expires_at`.
    """

    id: str
    user_id: str
    digest: str
    before: tuple[Contact, ...]
    changed_at: datetime
    expires_at: datetime
    ended: bool = False

    def can_be_undone_at(self, now: datetime) -> bool:
        """Whether it still can."""
        return not self.ended and now < self.expires_at


def value_taken_up(kind: ContactKind, text: str) -> str:
    """The address or number as it is kept, read as at registration (REG-5); raises `InvalidError` at `/value`."""
    faults = Faults()
    value = faults.taken("/value", text, _RULES[kind])
    if faults.found:
        raise InvalidError(faults.found)
    return value
