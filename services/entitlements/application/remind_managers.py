"""Remind managers of requests that still wait for them, and remind them for the last time (REG-12)."""

from __future__ import annotations

from datetime import datetime

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import active_managers
from services.entitlements.application.overdue_requests import take_overdue
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.events import RequestReminderDue
from services.entitlements.domain.waiting import Overdue

_FIRST, _FINAL = 1, 2


def remind_managers(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Remind of some of the requests that are due for it by then; returns of how many, 0 if none is left."""
    return _remind(ports.waiting.to_remind(as_of), _FIRST, work, ports)


def remind_managers_finally(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """The same for the last time."""
    return _remind(ports.waiting.to_remind_finally(as_of), _FINAL, work, ports)


def _remind(overdue: Overdue, reminder: int, work: UnitOfWork[Store], ports: Ports) -> int:
    store = work.writing()
    taken = take_overdue(overdue, store)
    managers = active_managers({request.place for request in taken}, store, ports.clock.now())
    practices = store.practices.of({request.place.tin for request in taken})
    people = store.people.of({request.user_id for request in taken})
    for request in taken:
        reminded = request.reminded(reminder)
        store.requests.save(reminded)
        here, practice = tuple(sorted(managers[request.place])), practices.get(request.place.tin)
        profile = people[request.user_id].profile
        final = reminder == _FINAL
        work.record(RequestReminderDue(reminded, practice.name if practice else None, here, profile, final=final))
    return len(taken)
