"""Warn owners of accounts that will be disabled since nobody uses them (IDN-13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import State
from services.identity.domain.events import AccountDisableWarned
from services.identity.domain.inactivity import IdleSpan

_BATCH: Final = 200
_STATES: Final = (State.ACTIVE,)


def warn_of_disabling(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Warn some of those who are to be warned by then, each of the shortest time that applies; how many, 0 if none.

    Whoever used the account meanwhile is warned anew a year later. Those whose time is over are not warned any more.
    """
    store, rules = work.writing(), ports.rules.inactivity
    for ahead, span in _spans(ports, as_of):
        taken = store.idle_accounts.take(_STATES, span, _BATCH, ahead.days)
        for user_id in taken:
            account = store.accounts.for_update(user_id)
            if account is None:
                continue
            store.accounts.save(replace(account, warned_days=ahead.days))
            work.record(AccountDisableWarned(user_id, ahead.days, account.active_at + rules.disabled))
        if taken:
            return len(taken)
    return 0


def count_to_be_warned(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many are to be warned by then (GO-7)."""
    with work.reading() as store:
        return sum(store.idle_accounts.count(_STATES, span, ahead.days) for ahead, span in _spans(ports, as_of))


def _spans(ports: Ports, as_of: datetime) -> list[tuple[timedelta, IdleSpan]]:
    """Each warning with those whom it is for: until the next one is due, or the end has come."""
    rules = ports.rules.inactivity
    ends = [*rules.warnings[1:], timedelta()]
    return [
        (ahead, IdleSpan(as_of - rules.disabled + ahead, as_of - rules.disabled + following))
        for ahead, following in zip(rules.warnings, ends, strict=True)
    ]
