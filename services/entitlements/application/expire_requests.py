"""End requests that nobody has decided in time (REG-12)."""

from __future__ import annotations

from datetime import datetime

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import active_managers
from services.entitlements.application.overdue_requests import take_overdue
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.events import RequestExpired


def expire_requests(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """End some of the requests that expire by then; returns how many, 0 if none is left."""
    now, store = ports.clock.now(), work.writing()
    taken = take_overdue(ports.waiting.to_expire(as_of), store)
    managers = active_managers({request.place for request in taken}, store, now)
    practices = store.practices.of({request.place.tin for request in taken})
    people = store.people.of({request.user_id for request in taken})
    for request in taken:
        expired = request.expired(now)
        store.requests.save(expired)
        here, practice = tuple(sorted(managers[request.place])), practices.get(request.place.tin)
        profile = people[request.user_id].profile
        work.record(RequestExpired(expired, practice.name if practice else None, here, profile))
    return len(taken)
