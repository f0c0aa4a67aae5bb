"""Access follows its practice's lines of business: it is suspended with a line and comes back with it (REG-17)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Store
from services.entitlements.application.suspending import Hold, restore, suspend
from services.entitlements.domain.access import LINE_LOST
from services.entitlements.domain.places import Line, Place

_BY: Final = "system:directory"


def follow_lines(tins: Collection[str], work: UnitOfWork[Store], now: datetime) -> None:
    """Suspend what stands open at lines that these practices do not have, and restore what is back.

    The directory is already as it is to be. What is given meanwhile is seen, since the lines are locked before the
    access is read; nothing can be given later, for a line that is not offered (ENT-4).
    """
    store, hold = work.writing(), Hold(LINE_LOST, _BY, now)
    places = {Place(tin, line) for tin in tins for line in Line}
    standing = store.accesses.standing_at(places)
    if not standing:
        return
    for user_id in sorted({access.user_id for access in standing}):
        store.people.lock(user_id)
    store.lines.lock({access.place.tin for access in standing})
    practices = store.practices.of(tins)
    for access in store.accesses.standing_at(places):
        is_lost = access.place.line not in practices[access.place.tin].lines
        if is_lost and LINE_LOST not in access.suspended and not access.has_lapsed(now):
            suspend(access, hold, work)
        elif not is_lost and LINE_LOST in access.suspended:
            restore(access, hold, work)
