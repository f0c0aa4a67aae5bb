"""Close access whose own end has come, and say so (ENT-11); it counts for nothing from that end on, closed or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.carrying_out import Affair, end_by_time
from services.entitlements.application.manager_news import tell_of_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.access import BY_TIME, Access

_BATCH: Final = 100


def end_access(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Close some of what ends by then; returns how much, 0 if none is left."""
    now, store = ports.clock.now(), work.writing()
    over = _take_over(store, as_of)
    practices = store.practices.of({access.place.tin for access in over})
    people = store.people.of({access.user_id for access in over})
    moves = []
    for access in over:
        moves += end_by_time(Affair(people[access.user_id], BY_TIME, now, practices), access, work)
    tell_of_managers(work, moves, BY_TIME, now)
    return len(over)


def count_ending_access(work: UnitOfWork[Store], as_of: datetime) -> int:
    """How much ends by then (GO-7)."""
    with work.reading() as store:
        return store.accesses.count_over(as_of)


def _take_over(store: Store, as_of: datetime) -> Sequence[Access]:
    """What is over, with its people and the lines of its TINs locked; what was changed meanwhile is not."""
    while found := store.accesses.over(as_of, _BATCH):
        users = sorted({access.user_id for access in found})
        for user_id in users:
            store.people.lock(user_id)
        store.lines.lock({access.place.tin for access in found})
        wanted = {access.access_id for access in found}
        standing = [access for access in store.accesses.standing_of(users) if access.access_id in wanted]
        if standing:
            return standing
    return ()
