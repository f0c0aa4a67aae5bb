"""A manager gives somebody a temporary password (IDN-8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.device_desk import end_devices
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.application.step_up_desk import fresh_account
from services.identity.domain.access import Reach, reach_of
from services.identity.domain.accounts import Account, Kind, State
from services.identity.domain.devices import RevokeReason
from services.identity.domain.errors import AccountNotActiveError, NotYoursToResetError
from services.identity.domain.events import PasswordResetByManager
from services.identity.domain.sessions import EndReason
from services.identity.domain.temporary_passwords import ALPHABET, LETTERS, LIFETIME
from services.identity.domain.user_ids import findable


@dataclass(frozen=True, slots=True)
class ResetPassword(Command):
    """Whose password, as typed, and who asks, in which session."""

    user_id: str
    by: str
    session_id: str


@dataclass(frozen=True, slots=True)
class TemporaryPassword:
    """What is handed over, shown once."""

    temporary_password: str = field(repr=False)
    expires_at: datetime


def reset_password(command: ResetPassword, work: UnitOfWork[Store], ports: Ports) -> TemporaryPassword:
    """Put a temporary password in place of theirs; sessions, trusted devices and flows begun with the old one end.

    Raises `NotFoundError` for whoever the caller does not see, `NotYoursToResetError`, `AccountNotActiveError`, and
    what `fresh_account` raises.
    """
    password = ports.randomness.letters(LETTERS, ALPHABET)
    with work.reading() as store:
        _judge(command, store, ports)
    password_hash = ports.hasher.hash(password)
    store, now = work.writing(), ports.clock.now()
    for each in sorted({command.by, _whose(command)}):  # in one order, lest two managers wait for each other
        store.accounts.for_update(each)
    fresh_account(command.by, command.session_id, store, ports)
    _judge(command, store, ports)
    account = store.accounts.for_update(_whose(command))
    if account is None or account.state is not State.ACTIVE:
        raise AccountNotActiveError
    until = now + LIFETIME
    store.accounts.save(account.with_temporary_password(password_hash, now, until))
    work.record(PasswordResetByManager(account.user_id, command.by, account.site, until))
    end_devices(account.user_id, RevokeReason.PASSWORD_RESET, work)
    for session in store.sessions.of_account(account.user_id):
        end_session(session, EndReason.PASSWORD_RESET, work, ports)
    return TemporaryPassword(password, until)


def _judge(command: ResetPassword, store: Store, ports: Ports) -> None:
    account = store.accounts.get(_whose(command))
    reach = reach_of(store.held_access.of(command.by), store.held_access.of(_whose(command)), ports.clock.now())
    if account is None or reach is Reach.UNSEEN:
        raise NotFoundError
    if reach is Reach.BARRED or not _is_anothers(account, command.by):
        raise NotYoursToResetError
    if account.state is not State.ACTIVE:
        raise AccountNotActiveError


def _is_anothers(account: Account, by: str) -> bool:
    return account.user_id != by and account.kind is Kind.USER


def _whose(command: ResetPassword) -> str:
    return findable(fold(command.user_id))
