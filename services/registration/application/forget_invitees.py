"""Forget people who were invited and never came, as those who never confirm a registration are forgotten (REG-9)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import InvitationForgotten

_BATCH: Final = 200


def forget_invitees(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Forget some of those whose invitation ended so long ago by then; returns how many, 0 if none is left.

    What was prepared for them stays, with its temporary ID, and that nobody redeemed it.
    """
    store, now = work.writing(), ports.clock.now()
    ended = store.invitations.unredeemed(as_of - ports.invitations.kept, _BATCH)
    store.invitations.forget_invitees([each.forgotten() for each in ended])
    work.record(*(InvitationForgotten(each, now) for each in ended))
    return len(ended)


def count_forgotten_invitees(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many are due by then (GO-7)."""
    with work.reading() as store:
        return store.invitations.count_unredeemed(as_of - ports.invitations.kept)
