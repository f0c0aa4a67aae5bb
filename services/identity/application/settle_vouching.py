"""Support confirms the address that a manager vouched for, or will not have it (IDN-17)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.application.vouching_desk import (
    is_good_voucher,
    lock_in_order,
    tell_new_contact,
    tell_old_contacts,
    vouching_locked,
)
from services.identity.domain.accounts import Account, State
from services.identity.domain.errors import AccountNotActiveError, OwnAccountError
from services.identity.domain.support_acts import reason_taken_up
from services.identity.domain.vouching_errors import OwnVouchingError, VoucherGoneError
from services.identity.domain.vouching_events import VouchingConfirmed, VouchingRejected, Word
from services.identity.domain.vouchings import Vouching, VouchingState


@dataclass(frozen=True, slots=True)
class ConfirmVouching(Command):
    """Which one, which agent in which session, and how they made sure that it is the person."""

    vouching_id: str
    by: str
    session_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RejectVouching(Command):
    """Which one, which agent in which session, and why."""

    vouching_id: str
    by: str
    session_id: str
    reason: str


def confirm_vouching(command: ConfirmVouching, work: UnitOfWork[Store], ports: Ports) -> Vouching:
    """It works after 72 hours, once the new address's code came back; old and new contacts are told.

    Raises `InvalidError`, `NotFoundError`, `OwnAccountError`, `OwnVouchingError`, `AccountNotActiveError`,
    `VoucherGoneError`, `VouchingOverError`, and what `fresh_account` raises.
    """
    reason, store, now = reason_taken_up(command.reason), work.writing(), ports.clock.now()
    whose = store.vouchings.get(command.vouching_id)
    lock_in_order((command.by, *([whose.user_id] if whose else [])), store)
    fresh_account(command.by, command.session_id, store, ports)
    vouching, account = vouching_locked(command.vouching_id, store)
    confirmed = vouching.confirmed(command.by, now, ports.rules.vouching)
    _judge(vouching, account, command.by)
    if not is_good_voucher(vouching, account, store, ports):
        raise VoucherGoneError
    store.vouchings.save(confirmed)
    work.record(VouchingConfirmed(confirmed, reason))
    tell_old_contacts(Word.CONFIRMED, confirmed, account, work, ports)
    tell_new_contact(Word.TO_BE_VERIFIED, confirmed, account, work, ports)
    return confirmed


def reject_vouching(command: RejectVouching, work: UnitOfWork[Store], ports: Ports) -> Vouching:
    """It comes to nothing, be it confirmed already or not.

    Raises `InvalidError`, `NotFoundError`, `OwnAccountError`, `VouchingOverError`, and what `fresh_account` raises.
    """
    reason, store = reason_taken_up(command.reason), work.writing()
    whose = store.vouchings.get(command.vouching_id)
    lock_in_order((command.by, *([whose.user_id] if whose else [])), store)
    fresh_account(command.by, command.session_id, store, ports)
    vouching, account = vouching_locked(command.vouching_id, store)
    if account.user_id == command.by:
        raise OwnAccountError
    rejected = vouching.ended(VouchingState.REJECTED, ports.clock.now())
    store.vouchings.save(rejected)
    work.record(VouchingRejected(rejected, command.by, reason))
    return rejected


def _judge(vouching: Vouching, account: Account, by: str) -> None:
    if account.user_id == by:
        raise OwnAccountError
    if vouching.vouched_by == by:
        raise OwnVouchingError
    if account.state is not State.ACTIVE:
        raise AccountNotActiveError
