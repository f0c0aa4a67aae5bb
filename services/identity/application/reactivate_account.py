"""Support lets a disabled account in again (IDN-13, IDN-14)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.support_desk import SupportAct, account_for_support
from services.identity.domain.accounts import Account, State
from services.identity.domain.errors import AccountNotDisabledError
from services.identity.domain.events import AccountReactivated


@dataclass(frozen=True, slots=True)
class ReactivateAccount(SupportAct):
    """The account is to be used again."""


def reactivate_account(command: ReactivateAccount, work: UnitOfWork[Store], ports: Ports) -> Account:
    """At the next sign-in its address is verified afresh. Raises `AccountNotDisabledError`, and what
    `account_for_support` raises.
    """
    act, now = command.taken_up(), ports.clock.now()
    account = account_for_support(act, work, ports)
    if account.state is not State.DISABLED:
        raise AccountNotDisabledError
    reactivated = account.reactivated(now)
    work.writing().accounts.save(reactivated)
    work.record(AccountReactivated(account.user_id, act.by, act.reason, now))
    return reactivated
