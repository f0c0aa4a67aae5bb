"""Notify's store in memory, a provider that does as it is told, and texts that say what they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from chassis.kernel.cause import Cause
from chassis.kernel.messages import Event
from chassis.testing.clocks import StandingClock
from services.notify.application.outside import Letter, Mail, MailTooLateError, Secret, UnsealableError, Words
from services.notify.application.ports import PortalMessage
from services.notify.domain.gathering import Gathering
from services.notify.domain.message import Message, Reason, Sealed, State
from services.notify.domain.numbers import Standing
from services.notify.domain.recipients import Contact, Kind, Recipient


@dataclass
class FakeRecipients:
    kept: dict[str, Recipient] = field(default_factory=dict)

    def get(self, user_id: str) -> Recipient | None:
        return self.kept.get(user_id)

    def save(self, recipient: Recipient) -> None:
        self.kept[recipient.user_id] = recipient

    def forget(self, user_id: str) -> None:
        self.kept.pop(user_id, None)

    def support_agents(self) -> Sequence[Recipient]:
        return [each for each in self.kept.values() if each.kind is Kind.SUPPORT]


@dataclass
class FakeContacts:
    kept: dict[tuple[str, str], Contact] = field(default_factory=dict)

    def save(self, contact: Contact) -> None:
        self.kept[contact.user_id, contact.contact_id] = contact

    def drop(self, user_id: str, contact_id: str) -> None:
        self.kept.pop((user_id, contact_id), None)

    def forget(self, user_id: str) -> None:
        self.kept = {key: each for key, each in self.kept.items() if each.user_id != user_id}

    def of(self, user_id: str) -> Sequence[Contact]:
        return [contact for _, contact in sorted(self.kept.items()) if contact.user_id == user_id]

    def holders(self, value: str) -> Sequence[str]:
        return sorted({contact.user_id for contact in self.kept.values() if contact.value == value})


@dataclass
class FakeManagers:
    kept: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def replace(self, tin: str, line: str, user_ids: Sequence[str]) -> None:
        self.kept[tin, line] = frozenset(user_ids)

    def of_tin(self, tin: str) -> frozenset[str]:
        return frozenset().union(*(users for (known, _), users in self.kept.items() if known == tin))


@dataclass
class FakePractices:
    kept: dict[str, str] = field(default_factory=dict)

    def save(self, tin: str, name: str) -> None:
        self.kept[tin] = name

    def name(self, tin: str) -> str | None:
        return self.kept.get(tin)


@dataclass
class FakeMessages:
    kept: dict[str, Message] = field(default_factory=dict)

    def add(self, message: Message) -> bool:
        if any(_once(message) == _once(each) for each in self.kept.values()):
            return False
        self.kept[message.id] = message
        return True

    def take_due(self, now: datetime) -> Message | None:
        due = [each for each in self.kept.values() if each.due_at and each.due_at <= now]
        return min(due, key=lambda each: (not each.urgent, each.queued_at, each.id), default=None)

    def anything_due(self, now: datetime) -> bool:
        return self.take_due(now) is not None

    def save(self, message: Message, *, claimed_as: int | None = None) -> bool:
        known = self.kept[message.id]
        if claimed_as is not None and (known.state, known.attempts) != (State.SENDING, claimed_as):
            return False
        self.kept[message.id] = message
        return True

    def awaiting_address(self, user_id: str) -> Sequence[Message]:
        waits = (State.QUEUED, Reason.NO_ADDRESS)
        return [each for each in self.kept.values() if each.user_id == user_id and (each.state, each.reason) == waits]

    def redact(self, user_id: str) -> None:
        over = [each for each in self.kept.values() if each.user_id == user_id and each.ended_at]
        self.kept |= {each.id: replace(each, address=None, facts={}, sealed=None) for each in over}

    def redact_invitations(self, address: str, temporary_id: str) -> None:
        theirs = [each for each in self.kept.values() if (each.address, each.user_id) == (address, None)]
        over = [each for each in theirs if each.ended_at and each.facts.get("temporary_id") == temporary_id]
        for each in over:
            self.kept[each.id] = replace(each, address=None, facts={}, sealed=None, recipient=f"forgotten:{each.id}")

    def free_all(self, now: datetime) -> int:
        sending = [each for each in self.kept.values() if each.state is State.SENDING]
        self.kept |= {each.id: replace(each, due_at=now) for each in sending}
        return len(sending)


@dataclass
class FakePortalInbox:
    kept: list[PortalMessage] = field(default_factory=list)

    def add(self, message: PortalMessage) -> None:
        self.kept.append(message)

    def forget(self, user_id: str) -> None:
        self.kept = [each for each in self.kept if each.user_id != user_id]

    def page(self, user_id: str, limit: int, before: str | None) -> Sequence[PortalMessage]:
        own = sorted((each for each in self.kept if each.user_id == user_id), key=lambda each: each.id, reverse=True)
        return [each for each in own if before is None or each.id < before][:limit]

    def unread(self, user_id: str) -> int:
        return sum(each.user_id == user_id and not each.read for each in self.kept)

    def mark_read(self, user_id: str, message_id: str, at: datetime) -> bool:
        for place, each in enumerate(self.kept):
            if (each.user_id, each.id) == (user_id, message_id):
                self.kept[place] = replace(each, read_at=each.read_at or at)
                return True
        return False


@dataclass
class FakeGatherings:
    kept: dict[str, Gathering] = field(default_factory=dict)

    def for_update(self, registration_id: str) -> Gathering:
        return self.kept.get(registration_id, Gathering(registration_id))

    def save(self, gathering: Gathering) -> None:
        self.kept[gathering.registration_id] = gathering

    def take_overdue(self, now: datetime) -> Gathering | None:
        return next((each for each in self.kept.values() if each.tell_by and each.tell_by <= now), None)

    def anything_overdue(self, now: datetime) -> bool:
        return self.take_overdue(now) is not None


@dataclass
class FakeNumbers:
    kept: dict[tuple[str, str], Standing] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)

    def hear(self, text_id: str, at: datetime) -> bool:
        is_new = text_id not in self.heard
        self.heard.add(text_id)
        return is_new

    def for_update(self, number: str, sender: str) -> Standing:
        return self.kept.get((number, sender), Standing(number, sender))

    def save(self, standing: Standing) -> None:
        self.kept[standing.number, standing.sender] = standing


@dataclass
class FakeMailbox:
    kept: list[tuple[Mail, datetime]] = field(default_factory=list)

    def find(self, to: str | None, channel: str | None, limit: int) -> Sequence[tuple[Mail, datetime]]:
        found = [(mail, at) for mail, at in self.kept if to in {None, mail.to} and channel in {None, mail.channel}]
        return found[::-1][:limit]

    def get(self, mail_id: str) -> Mail | None:
        return next((mail for mail, _ in self.kept if mail.id == mail_id), None)

    def put(self, mail: Mail, at: datetime) -> None:
        self.kept.append((mail, at))


class FakeStore:
    def __init__(self, clock: StandingClock) -> None:
        self.clock = clock
        self.since = datetime(2026, 1, 1, tzinfo=UTC)
        self.recipients = FakeRecipients()
        self.contacts = FakeContacts()
        self.managers = FakeManagers()
        self.practices = FakePractices()
        self.messages = FakeMessages()
        self.portal_inbox = FakePortalInbox()
        self.gatherings = FakeGatherings()
        self.numbers = FakeNumbers()
        self.mailbox = FakeMailbox()

    def now(self) -> datetime:
        return self.clock.now()

    def sends_since(self) -> datetime:
        return self.since


@dataclass
class FakeWork:
    """A unit of work whose writing is at once; it notes what was recorded, and how it ended."""

    store: FakeStore
    cause: Cause
    recorded: list[Event]
    committed: int = 0
    rolled_back: int = 0

    @contextmanager
    def reading(self) -> Iterator[FakeStore]:
        yield self.store

    def writing(self) -> FakeStore:
        return self.store

    def acting_as(self, actor: str) -> None:
        raise AssertionError("nobody acts as another here")

    def record(self, *events: Event) -> None:
        self.recorded.extend(events)

    def commit(self) -> None:
        self.committed += 1

    def rollback(self) -> None:
        self.rolled_back += 1


@dataclass
class FakeMailer:
    """Takes every mail, or does what `trouble` does."""

    clock: StandingClock
    sent: list[Mail] = field(default_factory=list)
    trouble: Callable[[Mail], None] | None = None

    def send(self, mail: Mail) -> None:
        if mail.not_after and self.clock.now() >= mail.not_after:
            raise MailTooLateError
        if self.trouble:
            self.trouble(mail)
        self.sent.append(mail)

    def rest(self) -> None:
        pass


class PlainTexts:
    def render(self, letter: Letter) -> Words:
        return Words(f"{letter.notice} in {letter.language}", str(sorted(letter.facts.items())), None)


def unseal(sealed: Sealed) -> Secret:
    """Opens what `code` and `reminder` of the world made."""
    if not sealed.text.startswith("sealed:"):
        raise UnsealableError
    to, code = sealed.text.removeprefix("sealed:").split(",")
    return Secret(to, code or None, "Mary")


def _once(message: Message) -> tuple[str, str, str, str]:
    return message.occasion.event_id, message.notice, message.recipient, message.channel
