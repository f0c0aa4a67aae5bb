"""Support signs somebody out everywhere (IDN-14)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.application.support_desk import SupportAct, account_for_support
from services.identity.domain.accounts import Account
from services.identity.domain.events import AccountSessionsEnded
from services.identity.domain.sessions import EndReason


@dataclass(frozen=True, slots=True)
class EndAccountSessions(SupportAct):
    """Whoever is signed in with it is to be signed out."""


def end_account_sessions(command: EndAccountSessions, work: UnitOfWork[Store], ports: Ports) -> Account:
    """Raises what `account_for_support` raises."""
    act, store = command.taken_up(), work.writing()
    account = account_for_support(act, work, ports)
    sessions = store.sessions.of_account(account.user_id)
    ended = sum(end_session(each, EndReason.ENDED_BY_SUPPORT, work, ports) for each in sessions)
    work.record(AccountSessionsEnded(account.user_id, act.by, act.reason, ended))
    return account
