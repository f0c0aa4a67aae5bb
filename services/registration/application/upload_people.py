"""Look at a file of people to add: a dry run, whose result is kept until it is confirmed (REG-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.invite import Prepared, with_names
from services.registration.application.judge_people import judge_people, mail_faults
from services.registration.application.ports import Ports, Store
from services.registration.application.read_people import FileRead, read_people
from services.registration.domain.people_imports import ImportedPerson, ImportState, Origin, PeopleImport
from services.registration.domain.people_rows import PersonRow


@dataclass(frozen=True, slots=True)
class UploadPeople(Command):
    """`at_once` carries it out if nothing is wrong, without a further word."""

    import_id: UUID
    uploaded_by: str
    file: BinaryIO
    file_name: str
    at_once: bool


def upload_people(command: UploadPeople, work: UnitOfWork[Store], ports: Ports) -> PeopleImport:
    """The import with everything that is wrong, `ready` where nothing is; nobody is invited yet.

    Raises `FileRefusedError` for a file that cannot be taken at all, `UnavailableError`.
    """
    read = read_people(command.file, ports.people_files, ports.zone)
    people = _people(read, work)
    looked_at = _import(command, read, work, ports)
    faults = list(read.faults)
    if people:
        faults += mail_faults(people, ports)
        faults += judge_people(command.uploaded_by, people, work.cause.correlation_id, ports)
    if faults:
        told = looked_at.with_faults(sorted(faults, key=lambda fault: fault.row), ImportState.REFUSED)
        work.writing().imports.add(told, ())
        return told
    kept = looked_at.confirmed(ports.clock.now()) if command.at_once else looked_at
    work.writing().imports.add(kept, people)
    return kept


def _import(command: UploadPeople, read: FileRead, work: UnitOfWork[Store], ports: Ports) -> PeopleImport:
    cause = work.cause
    return PeopleImport(
        id=command.import_id,
        uploaded_by=command.uploaded_by,
        origin=Origin(cause.actor, cause.site, cause.address, cause.correlation_id),
        file_name=command.file_name,
        rows=read.rows,
        people=len(read.people),
        created_at=ports.clock.now(),
        state=ImportState.READY,
    )


def _people(read: FileRead, work: UnitOfWork[Store]) -> Sequence[ImportedPerson]:
    """Everybody who can be read, with the practices' names."""
    prepared = [Prepared(rows[0].invitee, tuple(row.access for row in rows)) for rows in read.people]
    with work.reading() as store:
        named = with_names(prepared, store)
    return [
        ImportedPerson(place, _numbers(rows), each.invitee, each.access)
        for place, (rows, each) in enumerate(zip(read.people, named, strict=True))
    ]


def _numbers(rows: Sequence[PersonRow]) -> tuple[int, ...]:
    return tuple(row.number for row in rows)
