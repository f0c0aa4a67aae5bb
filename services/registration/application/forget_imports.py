"""Drop imports that nobody confirmed, and those whose invitations have long ended (REG-16)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store

UNCONFIRMED_KEPT: Final = timedelta(hours=24)
"""So long a file that was only looked at is kept: it has people in it who know nothing of it."""

_BATCH: Final = 50


def forget_imports(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Drop some of those that are due by then; returns how many, 0 if none is left."""
    return work.writing().imports.drop(as_of - UNCONFIRMED_KEPT, as_of - ports.invitations.valid, _BATCH)


def count_forgotten_imports(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many are due by then (GO-7)."""
    with work.reading() as store:
        return store.imports.count_stale(as_of - UNCONFIRMED_KEPT, as_of - ports.invitations.valid)
