"""Remove a contact of one's own; an e-mail address that is verified stays in any case (IDN-5)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.contact_desk import Effect, keep_contacts, take_effect
from services.identity.application.own_contacts import own_contact
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.domain.contact_changes import Turn
from services.identity.domain.contact_errors import LastContactError
from services.identity.domain.contact_events import ContactRemoved


@dataclass(frozen=True, slots=True)
class RemoveContact(Command):
    """Which one is to go."""

    user_id: str
    session_id: str
    site: str
    contact: str


def remove_contact(command: RemoveContact, work: UnitOfWork[Store], ports: Ports) -> None:
    """Remove it. One that was never verified goes without a word, since nothing ever went there.

    Raises `NotFoundError`, `LastContactError`, and what `fresh_account` raises.
    """
    store = work.writing()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    contact = own_contact(account, command.contact)
    left = account.without_contact(contact.id)
    if not left.has_verified_email:
        raise LastContactError
    if contact.verified_at is not None:
        take_effect(Effect(account, left.contacts, Turn.REMOVED, contact, command.site), work, ports)
        return
    work.record(ContactRemoved(account.user_id, contact))
    keep_contacts(account, left, work)
