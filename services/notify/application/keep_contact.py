"""Keep the copy of verified contacts: where messages go that are for all of somebody's contacts."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.domain.recipients import Contact


@dataclass(frozen=True, slots=True)
class KeepContact(Command):
    """A contact came to be verified."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class DropContact(Command):
    """A contact was removed."""

    user_id: str
    contact_id: str


@dataclass(frozen=True, slots=True)
class KeepContacts(Command):
    """These are the verified contacts of an account, and no others."""

    user_id: str
    contacts: tuple[Contact, ...]


def keep_contact(command: KeepContact, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Keep the contact. Where notices go is told by the account's own events."""
    work.writing().contacts.save(command.contact)


def drop_contact(command: DropContact, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Write there no more."""
    work.writing().contacts.drop(command.user_id, command.contact_id)


def keep_contacts(command: KeepContacts, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Keep them in place of what was known of the account."""
    store = work.writing()
    store.contacts.forget(command.user_id)
    for contact in command.contacts:
        store.contacts.save(contact)
