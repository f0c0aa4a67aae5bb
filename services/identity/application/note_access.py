"""Keep the copy of who holds what at which practice true (IDN-8)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.access import Held


@dataclass(frozen=True, slots=True)
class NoteAccess(Command):
    """What a user holds at a TIN and line from now on; None: nothing."""

    user_id: str
    tin: str
    line: str
    held: Held | None


def note_access(command: NoteAccess, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """The later word holds; events of one user come in their order."""
    access = work.writing().held_access
    if command.held is None:
        access.remove(command.user_id, command.tin, command.line)
    else:
        access.put(command.held)
