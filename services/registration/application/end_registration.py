"""End a registration whose account is gone, and forget whose it was (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store


@dataclass(frozen=True, slots=True)
class EndRegistration(Command):
    """The account of this registration was removed before it was ever confirmed."""

    registration_id: UUID


def end_registration(command: EndRegistration, work: UnitOfWork[Store], _: Ports) -> None:
    """Its requests end, and everything personal in it goes, that of whom the applicant nominated, too.

    The temporary ID that it was made with opens again, until its own end.
    """
    store = work.writing()
    store.registrations.end(command.registration_id)
    claimed = store.invitations.lock_claimed(command.registration_id)
    if claimed is not None:
        store.invitations.save(claimed.released())
