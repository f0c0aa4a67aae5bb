"""A manager vouches that somebody who lost their mailbox is now reached at another address (IDN-17)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import InvalidError, NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.application.vouching_desk import lock_in_order, reach_of_voucher, tell_old_contacts
from services.identity.domain.access import Reach
from services.identity.domain.accounts import Account, State
from services.identity.domain.errors import AccountNotActiveError
from services.identity.domain.profile_rules import Faults, email_address
from services.identity.domain.support_acts import reason_taken_up
from services.identity.domain.user_ids import findable
from services.identity.domain.vouching_errors import NotYoursToVouchForError, VouchingOpenError, address_known
from services.identity.domain.vouching_events import ContactVouched, VouchingExpired, Word
from services.identity.domain.vouchings import Vouching, VouchingState


@dataclass(frozen=True, slots=True)
class VouchForContact(Command):
    """Whose mailbox, where they are reached now, and how the manager made sure; who vouches, in which session."""

    user_id: str
    email: str
    reason: str
    by: str
    session_id: str
    site: str


def vouch_for_contact(command: VouchForContact, work: UnitOfWork[Store], ports: Ports) -> Vouching:
    """Let support decide; every verified contact of the account is told at once, and can stop it.

    Raises `InvalidError`, `NotFoundError` for whoever the caller does not see, `NotYoursToVouchForError`,
    `AccountNotActiveError`, `VouchingOpenError`, and what `fresh_account` raises.
    """
    email, reason, whose = _address(command.email), reason_taken_up(command.reason), findable(fold(command.user_id))
    store, now = work.writing(), ports.clock.now()
    lock_in_order((command.by, whose), store)
    fresh_account(command.by, command.session_id, store, ports)
    account = _account(whose, command.by, store, ports)
    if any(each.value.lower() == email.lower() and each.verified_at for each in account.contacts):
        raise address_known()
    _make_room(account, work, ports)
    vouching = Vouching(
        id=str(new_id()),
        user_id=account.user_id,
        contact_id=str(new_id()),
        email=email,
        vouched_by=command.by,
        reason=reason,
        site=command.site,
        vouched_at=now,
        expires_at=now + ports.rules.vouching.waits,
    )
    store.vouchings.add(vouching)
    work.record(ContactVouched(vouching))
    tell_old_contacts(Word.VOUCHED, vouching, account, work, ports)
    return vouching


def _account(whose: str, by: str, store: Store, ports: Ports) -> Account:
    account = store.accounts.get(whose)
    reach = reach_of_voucher(by, account, store, ports)
    if account is None or reach is Reach.UNSEEN:
        raise NotFoundError
    if reach is Reach.BARRED:
        raise NotYoursToVouchForError
    if account.state is not State.ACTIVE:
        raise AccountNotActiveError
    return account


def _make_room(account: Account, work: UnitOfWork[Store], ports: Ports) -> None:
    """One that is over makes room; one that is not stays until it is settled."""
    store, now = work.writing(), ports.clock.now()
    former = store.vouchings.open_of(account.user_id)
    if former is None:
        return
    if former.is_open_at(now):
        raise VouchingOpenError
    over = former.ended(VouchingState.EXPIRED, now)
    store.vouchings.save(over)
    work.record(VouchingExpired(over))


def _address(typed: str) -> str:
    faults = Faults()
    email = faults.taken("/email", typed, email_address)
    if faults.found:
        raise InvalidError(faults.found)
    return email
