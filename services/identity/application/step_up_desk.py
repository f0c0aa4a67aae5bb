"""What needs a second step that was passed a moment ago asks here (IDN-3)."""

from __future__ import annotations

from datetime import datetime

from chassis.kernel.errors import NotSignedInError, StepUpRequiredError
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, State
from services.identity.domain.errors import AccountDisabledError
from services.identity.domain.sessions import Session


def fresh_account(user_id: str, session_id: str, store: Store, ports: Ports) -> Account:
    """The account, locked, whose owner has just passed a second step in this session.

    Raises `StepUpRequiredError` where that was longer ago than five minutes, and what `account_of_session` raises.
    """
    account = account_of_session(user_id, session_id, store, ports)
    session = store.sessions.get(session_id)
    if session is None or not session.is_fresh_at(ports.clock.now(), ports.rules.sessions):
        raise StepUpRequiredError
    return account


def account_of_session(user_id: str, session_id: str, store: Store, ports: Ports) -> Account:
    """The account, locked; raises `NotSignedInError` where the session is over, and `AccountDisabledError`."""
    account = store.accounts.for_update(user_id)
    session = store.sessions.get(session_id)
    if not _holds(session, user_id, ports.clock.now(), ports):
        raise NotSignedInError
    if account is None or account.state is not State.ACTIVE:
        raise AccountDisabledError
    return account


def _holds(session: Session | None, user_id: str, now: datetime, ports: Ports) -> bool:
    return session is not None and session.user_id == user_id and session.is_alive_at(now, ports.rules.sessions)
