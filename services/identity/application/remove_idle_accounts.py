"""Remove accounts that nobody has used for two years (IDN-13)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.identity.application.erasing import erase_account
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import State
from services.identity.domain.events import RemovalReason
from services.identity.domain.inactivity import IdleSpan

_BATCH: Final = 100
_STATES: Final = (State.DISABLED,)


def remove_idle_accounts(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Erase some of the disabled ones whose time is over by then; how many, 0 if none is left."""
    store = work.writing()
    taken = store.idle_accounts.take(_STATES, _span(ports, as_of), _BATCH)
    for user_id in taken:
        account = store.accounts.for_update(user_id)
        if account is not None:
            erase_account(account, RemovalReason.INACTIVITY, work, ports)
    return len(taken)


def count_to_be_removed(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many there are by then (GO-7)."""
    with work.reading() as store:
        return store.idle_accounts.count(_STATES, _span(ports, as_of))


def _span(ports: Ports, as_of: datetime) -> IdleSpan:
    return IdleSpan(as_of - ports.rules.inactivity.removed)
