"""What became of a file: each person's invitation, or every fault, as a workbook (REG-16)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.people_documents import ImportResult, InvitedRow
from services.registration.application.ports import Ports, Store
from services.registration.application.show_import import own_import


@dataclass(frozen=True, slots=True)
class ShowImportResult(Command):
    """`viewer` sees their own alone."""

    import_id: UUID
    viewer: str


def show_import_result(command: ShowImportResult, work: UnitOfWork[Store], ports: Ports) -> bytes:
    """A workbook without any password; raises `NotFoundError` for another's."""
    with work.reading() as store:
        found = own_import(command.import_id, command.viewer, store.imports.get(command.import_id))
        rows = dict(store.imports.invitation_ids(found.id))
        invitations = {each.id: each for each in store.invitations.of(list(rows))}
    now = ports.clock.now()
    invited = [
        InvitedRow(numbers, invitations[key], invitations[key].state_at(now))
        for key, numbers in rows.items()
        if key in invitations
    ]
    return ports.people_documents.result(ImportResult(found, invited))
