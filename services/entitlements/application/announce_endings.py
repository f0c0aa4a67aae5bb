"""Tell users and managers that access will end soon, so that they can move its end in time (ENT-11)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import active_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.events import AccessEnding

_BATCH: Final = 100


def announce_endings(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Announce some of the ends that are due for it by then; returns how many, 0 if none is left. Another end is
    another interval, and so announced anew.
    """
    store = work.writing()
    ending = store.accesses.take_unannounced(as_of, as_of + ports.waiting.announce, _BATCH)
    managers = active_managers({access.place for access in ending}, store, ports.clock.now())
    practices = store.practices.of({access.place.tin for access in ending})
    people = store.people.of({access.user_id for access in ending})
    for access in ending:
        practice, here = practices.get(access.place.tin), tuple(sorted(managers[access.place]))
        profile = people[access.user_id].profile
        work.record(AccessEnding(access, practice.name if practice else None, here, profile))
    return len(ending)


def count_unannounced(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many ends are due to be announced by then (GO-7)."""
    with work.reading() as store:
        return store.accesses.count_unannounced(as_of, as_of + ports.waiting.announce)
