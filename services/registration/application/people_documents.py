"""The documents around a file of people: what is filled in, and what came of it (REG-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.registration.domain.invitations import Invitation, InvitationState
from services.registration.domain.people_imports import FunctionWord, PeopleImport


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """A person of the file: the rows that name them, and their invitation as it stands."""

    rows: tuple[int, ...]
    invitation: Invitation
    state: InvitationState


@dataclass(frozen=True, slots=True)
class ImportResult:
    """An import with everybody who was invited."""

    found: PeopleImport
    invited: Sequence[InvitedRow]


@dataclass(frozen=True, slots=True)
class ShownCredentials:
    """An invitation with the temporary password that was made for it; None where it has another, or needs none."""

    invitation: Invitation
    temporary_password: str | None = field(repr=False)


class PeopleDocuments(Protocol):
    """Writes them. No text in them acts as a formula, wherever it is opened."""

    def template(self, functions: Sequence[FunctionWord]) -> bytes:
        """A workbook to be filled in, with the codes on its second sheet."""

    def result(self, result: ImportResult) -> bytes:
        """A workbook with a row for each person, or for each fault."""

    def credentials(self, handed_out: Sequence[ShownCredentials]) -> bytes:
        """A CSV (RFC 4180, UTF-8) with temporary IDs and passwords."""
