"""Verify a contact by a code that was sent to it: from then on it works, and not before (IDN-2, IDN-5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.code_desk import Order, Redemption, Sent, redeem_code, send_code
from services.identity.application.contact_desk import Effect, take_effect
from services.identity.application.own_contacts import own_contact
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.domain.codes import Purpose
from services.identity.domain.contact_changes import Turn
from services.identity.domain.contact_errors import NothingToVerifyError
from services.identity.domain.contacts import Contact


@dataclass(frozen=True, slots=True)
class SendContactCode(Command):
    """Which contact is to be verified."""

    user_id: str
    session_id: str
    site: str
    contact: str


@dataclass(frozen=True, slots=True)
class VerifyContact(Command):
    """The code as typed."""

    user_id: str
    session_id: str
    site: str
    contact: str
    code: str


def send_contact_code(command: SendContactCode, work: UnitOfWork[Store], ports: Ports) -> Sent:
    """Send a code to what is to be verified, by e-mail or text message.

    Raises `NotFoundError`, `NothingToVerifyError`, `CodeSentLatelyError`, and what `fresh_account` raises.
    """
    account = fresh_account(command.user_id, command.session_id, work.writing(), ports)
    contact = own_contact(account, command.contact)
    if contact.unproven is None:
        raise NothingToVerifyError
    target = replace(contact, value=contact.unproven, pending=None)
    return send_code(Order(account, target, Purpose.CONTACT, command.site), work, ports)


def verify_contact(command: VerifyContact, work: UnitOfWork[Store], ports: Ports) -> Contact:
    """Let it work from now on, in place of what it was before.

    Needs a fresh second step as entering it did, since whoever sits at somebody's open session could otherwise have
    their own number verified that its owner once mistyped. Raises `NotFoundError`, `NothingToVerifyError`, and what
    `redeem_code` and `fresh_account` raise.
    """
    account = fresh_account(command.user_id, command.session_id, work.writing(), ports)
    contact = own_contact(account, command.contact)
    if contact.unproven is None:
        raise NothingToVerifyError
    redemption = Redemption(account.user_id, account, Purpose.CONTACT, command.code, contact_id=contact.id)
    redeem_code(redemption, work, ports)
    verified = contact.verified(ports.clock.now())
    turn = Turn.ADDED if contact.verified_at is None else Turn.CHANGED
    take_effect(Effect(account, account.with_contact(verified).contacts, turn, verified, command.site), work, ports)
    return verified
