"""Requests that have waited for too long, taken in parts that a transaction can hold (REG-12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.entitlements.application.ports import Store
from services.entitlements.domain.requests import Request
from services.entitlements.domain.waiting import Overdue

BATCH: Final = 100


def take_overdue(overdue: Overdue, store: Store) -> Sequence[Request]:
    """Up to a hundred of them, those that wait longest first, locked with the lines of their TINs; none if none is
    left. What was decided while the locks were waited for is not among them.
    """
    while found := store.requests.overdue(overdue, BATCH):
        store.lines.lock({request.place.tin for request in found})
        locked = [store.requests.lock(request_id) for request_id in sorted(request.request_id for request in found)]
        standing = [request for request in locked if request is not None and overdue.holds(request)]
        if standing:
            return standing
    return ()
