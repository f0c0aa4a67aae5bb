"""Carry out confirmed imports in the background: piece by piece up to one last transaction that invites all (REG-16).

A piece draws temporary IDs for some of the people. The last transaction makes every invitation and ends the import, so
that a kill at any moment leaves either nobody invited or everybody, once; whoever goes on begins where it was left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.invite import Prepared, new_credentials, write_invitations
from services.registration.application.judge_people import judge_people
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import ImportFinished
from services.registration.domain.invitations import Credentials
from services.registration.domain.people_imports import ImportedPerson, ImportState, PeopleImport

PEOPLE_AT_ONCE: Final = 250


@dataclass(frozen=True, slots=True)
class RunImport(Command):
    """Do the next piece of the import as it was found."""

    found: PeopleImport


def run_import(command: RunImport, work: UnitOfWork[Store], ports: Ports) -> None:
    """Do the next piece, or the last one; one that another worker did meanwhile is left to it.

    Raises `UnavailableError` while entitlements cannot be asked: then it is to be tried again.
    """
    found = command.found
    with work.reading() as store:
        waiting = store.imports.without_temporary_id(found.id, PEOPLE_AT_ONCE)
    if waiting:
        _prepare(found, waiting, work, ports)
    else:
        _finish(found, work, ports)


def _prepare(found: PeopleImport, people: Sequence[ImportedPerson], work: UnitOfWork[Store], ports: Ports) -> None:
    credentials = new_credentials(len(people), work, ports)
    store = work.writing()
    locked = store.imports.lock_running(found.id)
    if locked is None or locked.done != found.done:
        return
    drawn = [replace(each, temporary_id=own.temporary_id) for each, own in zip(people, credentials, strict=True)]
    store.imports.draw(found.id, drawn)
    store.imports.save(locked.prepared(sum(len(person.rows) for person in people)))


def _finish(found: PeopleImport, work: UnitOfWork[Store], ports: Ports) -> None:
    """All of them, if all of it may be given still."""
    with work.reading() as store:
        people = store.imports.people(found.id)
    faults = judge_people(found.uploaded_by, people, found.origin.correlation_id, ports)
    store, now = work.writing(), ports.clock.now()
    locked = store.imports.lock_running(found.id)
    if locked is None:
        return
    ended = locked.failed(faults, now) if faults else locked.finished(now)
    if ended.state is ImportState.DONE:
        prepared = [Prepared(person.invitee, person.access) for person in people]
        invited = write_invitations(found.uploaded_by, prepared, _credentials(people, store, work, ports), work, ports)
        store.imports.invited(found.id, [invitation.id for invitation in invited])
    else:
        store.imports.forget_people(found.id)
    store.imports.save(ended)
    work.record(ImportFinished(ended, now))


def _credentials(
    people: Sequence[ImportedPerson], store: Store, work: UnitOfWork[Store], ports: Ports
) -> Sequence[Credentials]:
    """Those that were drawn; one that somebody else drew meanwhile is drawn anew."""
    drawn = [person.temporary_id or "" for person in people]
    taken = store.invitations.taken(drawn)
    others = iter(new_credentials(len(taken), work, ports))
    return [next(others) if each in taken else Credentials(each, None) for each in drawn]
