"""Disable accounts that nobody has used for a year (IDN-13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.domain.access import Level
from services.identity.domain.accounts import Account, State
from services.identity.domain.events import AccountDisabled
from services.identity.domain.inactivity import IdleSpan
from services.identity.domain.sessions import EndReason

_BATCH: Final = 100
_STATES: Final = (State.ACTIVE, State.LOCKED)


def disable_idle_accounts(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Disable some of those whose time is over by then; how many, 0 if none is left."""
    store = work.writing()
    taken = store.idle_accounts.take(_STATES, _span(ports, as_of), _BATCH)
    for user_id in taken:
        account = store.accounts.for_update(user_id)
        if account is not None:
            _disable(account, work, ports)
    return len(taken)


def count_to_be_disabled(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many there are by then (GO-7)."""
    with work.reading() as store:
        return store.idle_accounts.count(_STATES, _span(ports, as_of))


def _span(ports: Ports, as_of: datetime) -> IdleSpan:
    return IdleSpan(as_of - ports.rules.inactivity.disabled)


def _disable(account: Account, work: UnitOfWork[Store], ports: Ports) -> None:
    store, now = work.writing(), ports.clock.now()
    store.accounts.save(replace(account, state=State.DISABLED))
    places = [held.place for held in store.held_access.of(account.user_id) if held.holds_at(now)]
    theirs = store.held_access.at(places)
    managers = {held.user_id for held in theirs if held.level is Level.PRIMARY and held.holds_at(now)}
    remove_at = account.active_at + ports.rules.inactivity.removed
    work.record(AccountDisabled(account.user_id, tuple(sorted(managers - {account.user_id})), now, remove_at))
    for session in store.sessions.of_account(account.user_id):
        end_session(session, EndReason.ACCOUNT_DISABLED, work, ports)
