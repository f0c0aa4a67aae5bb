"""Someone's imports, the newest first (REG-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.people_imports import PeopleImport

Position = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class ListImports(Command):
    """A page of `viewer`'s own, from behind `before`."""

    viewer: str
    before: Position | None
    limit: int


@dataclass(frozen=True, slots=True)
class FoundImports:
    """A page, and where the next one begins; None on the last."""

    imports: Sequence[PeopleImport]
    following: Position | None


def list_imports(command: ListImports, work: UnitOfWork[Store], _: Ports) -> FoundImports:
    """The page."""
    with work.reading() as store:
        found = store.imports.page(command.viewer, command.before, command.limit + 1)
    page = found[: command.limit]
    last = page[-1] if len(found) > command.limit else None
    return FoundImports(page, (last.created_at, last.id) if last else None)
