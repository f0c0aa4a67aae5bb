"""What the calendar does to invitations that nobody redeems: the inviter is told, then they end (REG-14)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import InvitationTurn, InvitationTurned

BY_CALENDAR: Final = "system:jobs"
_BATCH: Final = 200


def expire_invitations(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """End some of those whose time is over by then; returns how many, 0 if none is left."""
    store, now = work.writing(), ports.clock.now()
    ended = [each.expired(now) for each in store.invitations.overdue(as_of, _BATCH)]
    for each in ended:
        store.invitations.save(each)
    work.record(*(InvitationTurned(InvitationTurn.EXPIRED, each, BY_CALENDAR, now) for each in ended))
    return len(ended)


def count_expiring(work: UnitOfWork[Store], as_of: datetime) -> int:
    """How many end by then (GO-7)."""
    with work.reading() as store:
        return store.invitations.count_overdue(as_of)


def announce_invitation_ends(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Tell inviters of some of those that end soon, once for each; returns how many, 0 if none is left."""
    store, now = work.writing(), ports.clock.now()
    told = [
        each.told_of_end() for each in store.invitations.unannounced(as_of, as_of + ports.invitations.announce, _BATCH)
    ]
    for each in told:
        store.invitations.save(each)
    work.record(*(InvitationTurned(InvitationTurn.EXPIRING, each, BY_CALENDAR, now) for each in told))
    return len(told)


def count_unannounced_ends(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many are to be told of by then."""
    with work.reading() as store:
        return store.invitations.count_unannounced(as_of, as_of + ports.invitations.announce)
