"""What happens on the way from a lost mailbox to a new one, as facts (IDN-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.messages import Event
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.vouchings import Vouching


@dataclass(frozen=True, slots=True)
class ContactVouched(Event):
    """A manager says that somebody is now reached at another address."""

    vouching: Vouching


@dataclass(frozen=True, slots=True)
class VouchingConfirmed(Event):
    """An agent has made sure of it, for that reason: it will work."""

    vouching: Vouching
    reason: str


@dataclass(frozen=True, slots=True)
class VouchingVerified(Event):
    """The code that was sent to the new address came back."""

    vouching: Vouching


@dataclass(frozen=True, slots=True)
class VouchingRejected(Event):
    """An agent will not have it, for that reason."""

    vouching: Vouching
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class VouchingStopped(Event):
    """Whoever is reached at an old contact will not have it; None: the owner has changed contacts meanwhile."""

    vouching: Vouching
    contact_id: str | None


@dataclass(frozen=True, slots=True)
class VouchingExpired(Event):
    """Nobody confirmed it in time, or the code of the new address never came back."""

    vouching: Vouching


@dataclass(frozen=True, slots=True)
class ContactsReplaced(Event):
    """The new address is the account's one contact from now on."""

    vouching: Vouching
    contact: Contact


class Word(StrEnum):
    """What somebody is told, and at which contacts."""

    VOUCHED = "vouched"
    """Old ones: a manager has vouched for another address, and this stops it."""
    CONFIRMED = "confirmed"
    """Old ones: support has confirmed it, and this stops it until it works."""
    TO_BE_VERIFIED = "to_be_verified"
    """The new one: it works then, if its code comes back before."""
    REPLACED = "replaced"
    """Old ones: they are no longer the account's."""
    WORKS = "works"
    """The new one: it is the account's."""


@dataclass(frozen=True, slots=True)
class VouchingWordDue(Event):
    """A word is to be told at one contact; `sealed` is for notify alone."""

    id: str
    user_id: str
    word: Word
    kind: ContactKind
    by: str
    works_at: datetime | None
    language: str
    site: str
    sealed: str
