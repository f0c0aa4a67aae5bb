"""What happens to contacts, as facts; what takes effect is told where the account is reached (IDN-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Event
from services.identity.domain.codes import Channel
from services.identity.domain.contact_changes import Standing, Turn
from services.identity.domain.contacts import Contact, ContactKind


@dataclass(frozen=True, slots=True)
class ContactAdded(Event):
    """Somebody entered a further contact, which is yet to be verified."""

    user_id: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class ContactChanged(Event):
    """A contact is another address or number now, and the code to it came back."""

    user_id: str
    contact: Contact
    former: str
    undo_until: datetime


@dataclass(frozen=True, slots=True)
class ContactRemoved(Event):
    """The account is reached there no more."""

    user_id: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class ContactChangeUndone(Event):
    """A change, and all that were made since, are undone: these are the verified contacts again."""

    user_id: str
    contacts: tuple[Contact, ...]
    undone_at: datetime


@dataclass(frozen=True, slots=True)
class ContactNoticeDue(Event):
    """Somebody is to be told, where the account was reached before or is from now on; `sealed` is for notify alone.

    An event for each, since nobody keeps an address that is a contact no more. `kind` and `hint` are of the contact
    that it is about.
    """

    id: str
    user_id: str
    channel: Channel
    standing: Standing
    turn: Turn
    kind: ContactKind
    hint: str
    language: str
    site: str
    undo_hours: int
    sealed: str
