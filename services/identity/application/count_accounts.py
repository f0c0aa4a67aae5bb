"""How many accounts there are, against which a run by the calendar is held (GO-7)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Store
from services.identity.domain.accounts import State
from services.identity.domain.inactivity import IdleSpan

_STATES: Final = (State.ACTIVE, State.LOCKED, State.DISABLED)


def count_accounts(work: UnitOfWork[Store], as_of: datetime) -> int:
    """Those that are confirmed and not removed."""
    with work.reading() as store:
        return store.idle_accounts.count(_STATES, IdleSpan(until=as_of))
