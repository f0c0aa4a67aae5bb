"""Keep that an applicant's e-mail address was confirmed (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store


@dataclass(frozen=True, slots=True)
class NoteConfirmation(Command):
    """The account of this registration is confirmed."""

    registration_id: UUID


def note_confirmation(command: NoteConfirmation, work: UnitOfWork[Store], _: Ports) -> None:
    """Keep it."""
    work.writing().registrations.confirmed(command.registration_id)
