"""Opens requests for decision, and tells the managers who can take it (REG-9, REG-12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import active_managers
from services.entitlements.application.ports import Store
from services.entitlements.domain.events import RequestOpened
from services.entitlements.domain.people import Person
from services.entitlements.domain.requests import Request


def open_requests(requests: Sequence[Request], person: Person, work: UnitOfWork[Store], now: datetime) -> list[Request]:
    """Open these requests of a confirmed person, which the store has already; the TINs' lines are locked."""
    store = work.writing()
    managers = active_managers({request.place for request in requests}, store, now)
    practices = store.practices.of({request.place.tin for request in requests})
    opened = []
    for request in requests:
        here, practice = tuple(sorted(managers[request.place])), practices.get(request.place.tin)
        opened.append(request.opened(now, managed=bool(here)))
        store.requests.save(opened[-1])
        work.record(RequestOpened(opened[-1], practice.name if practice else None, here, person.profile))
    return opened
