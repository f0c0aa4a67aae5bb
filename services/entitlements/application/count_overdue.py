"""How many requests each step of waiting is due for: the forecast of its job (GO-7)."""

from __future__ import annotations

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Store
from services.entitlements.domain.waiting import Overdue


def count_overdue(overdue: Overdue, work: UnitOfWork[Store]) -> int:
    """How many there are now."""
    with work.reading() as store:
        return store.requests.count_overdue(overdue)
