"""End registrations whose e-mail address was not confirmed in time (REG-9)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import RegistrationLapsed

_BATCH: Final = 200


def lapse_registrations(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """End some of those that lapse by then; returns how many, 0 if none is left.

    Whether the account ends with it is identity's to say, which knows best whether the address was confirmed: it may
    have been a moment before, and that event still be under way.
    """
    store, now = work.writing(), ports.clock.now()
    lapsed = store.registrations.lapse(as_of - ports.confirm_within, _BATCH)
    work.record(*(RegistrationLapsed(each, now) for each in lapsed))
    return len(lapsed)


def count_lapsing(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many lapse by then (GO-7)."""
    with work.reading() as store:
        return store.registrations.count_lapsing(as_of - ports.confirm_within)


def count_registrations(work: UnitOfWork[Store], as_of: datetime) -> int:
    """How many there are in all that did not lapse, against which a run is held (GO-7)."""
    with work.reading() as store:
        return store.registrations.count_standing(as_of)
