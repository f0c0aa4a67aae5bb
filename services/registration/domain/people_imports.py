"""An import: a file of people that was looked at, and becomes invitations for all of them or for none (REG-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.errors import ImportNotConfirmableError
from services.registration.domain.invitations import Invitee, PreparedAccess
from services.registration.domain.people_rows import RowFault

FAULTS_KEPT: Final = 10_000
"""Faults that are told one by one; further ones are only counted."""


class ImportState(StrEnum):
    """Where an import stands: `ready` and `refused` after the dry run, `done` or `failed` after it ran."""

    READY = "ready"
    REFUSED = "refused"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """A person of an import: `rows` are those that name them, each with the access of the same place in `access`.

    `temporary_id` is drawn while the import runs; the invitation has it once all are made.
    """

    place: int
    rows: tuple[int, ...]
    invitee: Invitee
    access: tuple[PreparedAccess, ...]
    temporary_id: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionWord:
    """A function that may be given: its code, and what people call it; `lines` are those that have it."""

    code: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who uploaded, and from where: what is done later in their name is told as done from there."""

    actor: str
    site: str | None
    address: str | None
    correlation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleImport:
    """Each step returns its next state. `rows` and `done` count rows of the file, `wrong` all faults, of which `faults`
    has the first.
    """

    id: UUID
    uploaded_by: str
    origin: Origin
    file_name: str
    rows: int
    people: int
    created_at: datetime
    state: ImportState
    faults: tuple[RowFault, ...] = ()
    wrong: int = 0
    done: int = 0
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    credentials_at: datetime | None = None

    def with_faults(self, faults: Sequence[RowFault], state: ImportState) -> PeopleImport:
        """The same with what is wrong with it."""
        return replace(self, state=state, faults=tuple(faults[:FAULTS_KEPT]), wrong=len(faults))

    def confirmed(self, now: datetime) -> PeopleImport:
        """To be carried out; one that is, or was, stays as it is. Raises `ImportNotConfirmableError`."""
        if self.state in {ImportState.RUNNING, ImportState.DONE}:
            return self
        if self.state is not ImportState.READY:
            raise ImportNotConfirmableError
        return replace(self, state=ImportState.RUNNING, confirmed_at=now)

    def prepared(self, rows: int) -> PeopleImport:
        """So many rows more are ready to be written."""
        return replace(self, done=self.done + rows)

    def failed(self, faults: Sequence[RowFault], now: datetime) -> PeopleImport:
        """Something may not be given any more: nothing was done, and nothing will be."""
        return replace(self.with_faults(faults, ImportState.FAILED), done=0, ended_at=now)

    def finished(self, now: datetime) -> PeopleImport:
        """Everybody is invited."""
        return replace(self, state=ImportState.DONE, done=self.rows, ended_at=now)

    def handed_out(self, now: datetime) -> PeopleImport:
        """The credentials were shown, and are not shown again."""
        return replace(self, credentials_at=now)
