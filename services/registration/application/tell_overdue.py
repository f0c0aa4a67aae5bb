"""Raise cases that were not closed in time to the support lead, once (REG-13)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import OutreachOverdue

_BATCH: Final = 200


def tell_overdue(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Raise some of those that are due by then; returns how many, 0 if none is left."""
    store, now = work.writing(), ports.clock.now()
    overdue = store.outreach.take_overdue(as_of, _BATCH)
    work.record(*(OutreachOverdue(case, now) for case in overdue))
    return len(overdue)


def count_overdue(work: UnitOfWork[Store], as_of: datetime) -> int:
    """How many are due to be raised by then (GO-7)."""
    with work.reading() as store:
        return store.outreach.count_overdue(as_of)
