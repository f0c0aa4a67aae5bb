"""Make the temporary passwords of an import's invitations, to be shown once (REG-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.errors import AlreadyShownError, ImportNotDoneError
from services.registration.application.people_documents import ShownCredentials
from services.registration.application.ports import Ports, Store, TemporaryPassword
from services.registration.application.show_import import own_import
from services.registration.domain.invitations import Invitation
from services.registration.domain.people_imports import ImportState, PeopleImport


@dataclass(frozen=True, slots=True)
class HandOutCredentials(Command):
    """`to` is whoever uploaded the file."""

    import_id: UUID
    to: str


def hand_out_credentials(command: HandOutCredentials, work: UnitOfWork[Store], ports: Ports) -> bytes:
    """A CSV of everybody in the order of the file, with a temporary password where they had none and can use one.

    Raises `NotFoundError` for another's import, `ImportNotDoneError`, `AlreadyShownError`.
    """
    with work.reading() as store:
        found = _ready(own_import(command.import_id, command.to, store.imports.get(command.import_id)))
        invited = store.invitations.of(_ids(found, store))
    wanting = [each for each in invited if each.wants_password(ports.clock.now())]
    passwords = ports.temporary.passwords(len(wanting))
    store, now = work.writing(), ports.clock.now()
    locked = _ready(own_import(command.import_id, command.to, store.imports.lock(command.import_id)))
    handed_out = _handed_out(store.invitations.of(_ids(locked, store)), passwords, now)
    store.invitations.give_passwords([each.invitation for each in handed_out if each.temporary_password])
    store.imports.save(locked.handed_out(now))
    return ports.people_documents.credentials(handed_out)


def _handed_out(
    invitations: Sequence[Invitation], passwords: Sequence[TemporaryPassword], now: datetime
) -> Sequence[ShownCredentials]:
    """Whoever got other credentials meanwhile keeps those."""
    left = iter(passwords)
    handed_out = []
    for invitation in invitations:
        password = next(left, None) if invitation.wants_password(now) else None
        if password is None:
            handed_out.append(ShownCredentials(invitation, None))
        else:
            own = replace(invitation.credentials, password_hash=password.hashed)
            handed_out.append(ShownCredentials(replace(invitation, credentials=own), password.plain))
    return handed_out


def _ids(found: PeopleImport, store: Store) -> Sequence[UUID]:
    return [invitation_id for invitation_id, _ in store.imports.invitation_ids(found.id)]


def _ready(found: PeopleImport) -> PeopleImport:
    if found.state is not ImportState.DONE:
        raise ImportNotDoneError("Nobody is invited yet: look at the import until its state is `done`.")
    if found.credentials_at is not None:
        raise AlreadyShownError("The credentials were shown, and are not shown again: renew an invitation.")
    return found
