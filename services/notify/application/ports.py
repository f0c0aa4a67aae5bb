"""What notify's use cases work upon: the repositories of its store, and whatever else they are handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notify.application.outside import House, Mail, Mailer, NumberKey, Texts, TextSignatures, Unseal
from services.notify.domain.gathering import Gathering
from services.notify.domain.message import Message
from services.notify.domain.notices import Channel, Notices
from services.notify.domain.numbers import Standing
from services.notify.domain.recipients import Contact, Recipient


class Recipients(Protocol):
    """The copy of accounts."""

    def get(self, user_id: str) -> Recipient | None:
        """The recipient by canonical user ID."""

    def save(self, recipient: Recipient) -> None:
        """Keep as new, or in place of what was known."""

    def forget(self, user_id: str) -> None:
        """Drop the copy of this account."""

    def support_agents(self) -> Sequence[Recipient]:
        """Every account of the plan's own."""


class Contacts(Protocol):
    """The copy of verified contacts."""

    def save(self, contact: Contact) -> None:
        """Keep as new, or in place of the contact with the same identifier."""

    def drop(self, user_id: str, contact_id: str) -> None:
        """Drop that one, where it is known."""

    def forget(self, user_id: str) -> None:
        """Drop those of an account."""

    def of(self, user_id: str) -> Sequence[Contact]:
        """Those of an account, in the order of their identifiers."""

    def holders(self, value: str) -> Sequence[str]:
        """User IDs of the accounts that have this address or number, in their order."""


class Managers(Protocol):
    """Who manages which practice."""

    def replace(self, tin: str, line: str, user_ids: Sequence[str]) -> None:
        """These, and no others, manage the TIN's line."""

    def of_tin(self, tin: str) -> frozenset[str]:
        """User IDs of those who manage any line of the TIN."""


class Practices(Protocol):
    """Names of practices, as far as events mentioned them."""

    def save(self, tin: str, name: str) -> None:
        """Keep the newest name."""

    def name(self, tin: str) -> str | None:
        """The name, None where none was mentioned yet."""


class Messages(Protocol):
    """The messages and their states."""

    def add(self, message: Message) -> bool:
        """Keep a new message; False, and nothing done, where the same one exists (NTF-2)."""

    def take_due(self, now: datetime) -> Message | None:
        """The open message to look at next, locked: codes first, then the longest queued."""

    def anything_due(self, now: datetime) -> bool:
        """Whether `take_due` would find something, without a lock."""

    def save(self, message: Message, *, claimed_as: int | None = None) -> bool:
        """Write its new state; with `claimed_as` only if it is still being sent in that very attempt."""

    def awaiting_address(self, user_id: str) -> Sequence[Message]:
        """A user's messages that wait to be told where they go."""

    def redact(self, user_id: str) -> None:
        """Drop address and facts of a user's messages that have come to their end."""

    def redact_invitations(self, address: str, temporary_id: str) -> None:
        """The same for the invitations of a temporary ID that went to this address."""

    def free_all(self, now: datetime) -> int:
        """Make every message that is being sent due at once; returns how many. Only where no sender can be alive."""


@dataclass(frozen=True, slots=True)
class PortalMessage:
    """A message in somebody's in-portal inbox."""

    id: str
    user_id: str
    notice: str
    subject: str
    text: str
    at: datetime
    read_at: datetime | None = None

    @property
    def read(self) -> bool:
        """Whether its owner has marked it as read."""
        return self.read_at is not None


class PortalInbox(Protocol):
    """The in-portal inboxes."""

    def add(self, message: PortalMessage) -> None:
        """Lay a message in."""

    def forget(self, user_id: str) -> None:
        """Drop a user's messages."""

    def page(self, user_id: str, limit: int, before: str | None) -> Sequence[PortalMessage]:
        """The newest messages of a user, before the one named; at most `limit`."""

    def unread(self, user_id: str) -> int:
        """How many the user has not marked as read."""

    def mark_read(self, user_id: str, message_id: str, at: datetime) -> bool:
        """Mark as read, once; False where the user has no such message."""


class Gatherings(Protocol):
    """What is gathered of registrations."""

    def for_update(self, registration_id: str) -> Gathering:
        """The registration's gathering, locked; a new one where there was none."""

    def save(self, gathering: Gathering) -> None:
        """Write it back."""

    def take_overdue(self, now: datetime) -> Gathering | None:
        """One whose applicant must be told now with what is there, locked."""

    def anything_overdue(self, now: datetime) -> bool:
        """Whether `take_overdue` would find something, without a lock."""


class Numbers(Protocol):
    """Which numbers want no texts."""

    def hear(self, text_id: str, at: datetime) -> bool:
        """Note that a text came in; False where it had come before."""

    def for_update(self, number: str, sender: str) -> Standing:
        """How the number stands with the sender, locked, also where it was never heard of."""

    def save(self, standing: Standing) -> None:
        """Write it back."""


class DevMailbox(Protocol):
    """What the local mailbox took in, in embedded mode."""

    def find(self, to: str | None, channel: str | None, limit: int) -> Sequence[tuple[Mail, datetime]]:
        """Mails with the moment they came, newest first, exactly matching what is given; at most `limit`."""

    def get(self, mail_id: str) -> Mail | None:
        """The mail of that message."""

    def put(self, mail: Mail, at: datetime) -> None:
        """Lay one in, as if it had been sent."""


class Store(Protocol):
    """Notify's repositories within one transaction."""

    @property
    def recipients(self) -> Recipients: ...

    @property
    def contacts(self) -> Contacts: ...

    @property
    def managers(self) -> Managers: ...

    @property
    def practices(self) -> Practices: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def portal_inbox(self) -> PortalInbox: ...

    @property
    def gatherings(self) -> Gatherings: ...

    @property
    def numbers(self) -> Numbers: ...

    @property
    def mailbox(self) -> DevMailbox: ...

    def now(self) -> datetime:
        """The database's time: what several machines agree on."""

    def sends_since(self) -> datetime:
        """Events older than this are history: they are learned from and never lead to a message."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that use cases are handed besides the unit of work; `signatures` where texts may come in."""

    notices: Notices
    texts: Texts
    mailers: Mapping[Channel, Mailer]
    unseal: Unseal
    house: House
    number_key: NumberKey
    signatures: TextSignatures | None = None
