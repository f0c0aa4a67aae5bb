"""Support locks an account, until support unlocks it (IDN-14)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.work import UnitOfWork
from services.identity.application.device_desk import end_devices
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.application.support_desk import SupportAct, account_for_support
from services.identity.domain.accounts import Account, State
from services.identity.domain.devices import RevokeReason
from services.identity.domain.errors import AccountNotActiveError
from services.identity.domain.events import AccountLocked
from services.identity.domain.sessions import EndReason
from services.identity.domain.support_acts import UNTIL_UNLOCKED


@dataclass(frozen=True, slots=True)
class LockAccount(SupportAct):
    """Nobody is to sign in to it."""


def lock_account(command: LockAccount, work: UnitOfWork[Store], ports: Ports) -> Account:
    """Every session ends, and no way in is open any more, recovery among them.

    Raises `AccountNotActiveError`, and what `account_for_support` raises.
    """
    act = command.taken_up()
    account = account_for_support(act, work, ports)
    if account.state is not State.ACTIVE:
        raise AccountNotActiveError
    store, locked = work.writing(), replace(account, state=State.LOCKED)
    store.accounts.save(locked)
    work.record(AccountLocked(account.user_id, UNTIL_UNLOCKED, 0, act.by, act.reason))
    end_devices(account.user_id, RevokeReason.REVOKED, work)
    for session in store.sessions.of_account(account.user_id):
        end_session(session, EndReason.ENDED_BY_SUPPORT, work, ports)
    return locked
