"""Look at an import: how far it is, and what is wrong in its file (REG-16)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.people_imports import PeopleImport


@dataclass(frozen=True, slots=True)
class ShowImport(Command):
    """`viewer` sees their own alone."""

    import_id: UUID
    viewer: str


def show_import(command: ShowImport, work: UnitOfWork[Store], _: Ports) -> PeopleImport:
    """The import; raises `NotFoundError` for another's."""
    with work.reading() as store:
        return own_import(command.import_id, command.viewer, store.imports.get(command.import_id))


def own_import(import_id: UUID, viewer: str, found: PeopleImport | None) -> PeopleImport:
    """What was found, if it is the viewer's; raises `NotFoundError`."""
    if found is None or found.id != import_id or found.uploaded_by != viewer:
        raise NotFoundError
    return found
