"""Send the code of a registration again, to a corrected address if need be (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.errors import InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.attempts import Attempt
from services.identity.application.code_desk import Order, Sent, send_code
from services.identity.application.password_gate import pass_gate
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, State
from services.identity.domain.codes import Purpose
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.errors import AccountDisabledError, AlreadyConfirmedError
from services.identity.domain.events import AccountProfileChanged
from services.identity.domain.profile_rules import Faults, email_address


@dataclass(frozen=True, slots=True)
class SendConfirmation(Command):
    """User ID and password as typed; `email` where the address was mistyped."""

    user_id: str
    password: str
    email: str | None
    site: str
    whereabouts: Whereabouts = NOWHERE


def send_confirmation(command: SendConfirmation, work: UnitOfWork[Store], ports: Ports) -> Sent:
    """Send a new code to the account's address as it is from now on; to the owner of the password alone."""
    email = None if command.email is None else _valid(command.email)
    attempt = Attempt(command.user_id, command.password, command.whereabouts)
    account = pass_gate(attempt, work, ports).account
    if account.state is State.DISABLED:
        raise AccountDisabledError
    if account.state is not State.UNCONFIRMED:
        raise AlreadyConfirmedError
    corrected = account if email is None else _with_email(account, email)
    sent = send_code(Order(corrected, corrected.email, Purpose.CONFIRM_EMAIL, command.site), work, ports)
    if corrected != account:
        work.writing().accounts.save(corrected)
        work.record(AccountProfileChanged(corrected))
    return sent


def _with_email(account: Account, email: str) -> Account:
    return account.with_contact(replace(account.email, value=email, verified_at=None))


def _valid(email: str) -> str:
    faults = Faults()
    address = faults.taken("/email", email, email_address)
    if faults.found:
        raise InvalidError(faults.found)
    return address
