"""Support unlocks an account: that it locked itself, or that failures have locked (IDN-9, IDN-14)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.support_desk import SupportAct, account_for_support, throttles_of
from services.identity.domain.accounts import Account, State
from services.identity.domain.errors import AccountNotLockedError
from services.identity.domain.events import AccountUnlocked
from services.identity.domain.throttle import NO_FAILURES


@dataclass(frozen=True, slots=True)
class UnlockAccount(SupportAct):
    """Its owner is to sign in again."""


def unlock_account(command: UnlockAccount, work: UnitOfWork[Store], ports: Ports) -> Account:
    """Failures are forgotten with it. Raises `AccountNotLockedError`, and what `account_for_support` raises."""
    act, now, store = command.taken_up(), ports.clock.now(), work.writing()
    keys, rules = throttles_of(act.user_id, ports), ports.rules.throttle
    counts = [store.failures.for_update(key) for key in keys]
    account = account_for_support(act, work, ports)
    if account.state is not State.LOCKED and not any(rules.standing(each, now).blocked_for(now) for each in counts):
        raise AccountNotLockedError
    for key in keys:
        store.failures.put(key, NO_FAILURES)
    unlocked = replace(account, state=State.ACTIVE) if account.state is State.LOCKED else account
    store.accounts.save(unlocked)
    work.record(AccountUnlocked(account.user_id, act.by, act.reason))
    return unlocked
