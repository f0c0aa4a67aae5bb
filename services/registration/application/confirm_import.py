"""Let an import be carried out, whose dry run found nothing wrong (REG-16)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.people_imports import PeopleImport


@dataclass(frozen=True, slots=True)
class ConfirmImport(Command):
    """`confirmed_by` is whoever uploaded it."""

    import_id: UUID
    confirmed_by: str


def confirm_import(command: ConfirmImport, work: UnitOfWork[Store], ports: Ports) -> PeopleImport:
    """The import, running from now on; twice does nothing more.

    Raises `NotFoundError` for another's, `ImportNotConfirmableError` where something is wrong in it.
    """
    store = work.writing()
    found = store.imports.lock(command.import_id)
    if found is None or found.uploaded_by != command.confirmed_by:
        raise NotFoundError
    confirmed = found.confirmed(ports.clock.now())
    store.imports.save(confirmed)
    return confirmed
