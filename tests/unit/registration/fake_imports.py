"""Imports in memory; `tests/contract/registration` holds them against the databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.registration.domain.people_imports import ImportedPerson, ImportState, PeopleImport


@dataclass
class FakeImports:
    """`services.registration.application.ports.Imports`."""

    all: dict[UUID, PeopleImport] = field(default_factory=dict)
    waiting: dict[UUID, list[ImportedPerson]] = field(default_factory=dict)
    made: dict[UUID, list[tuple[UUID, tuple[int, ...]]]] = field(default_factory=dict)

    def get(self, import_id: UUID) -> PeopleImport | None:
        return self.all.get(import_id)

    def lock(self, import_id: UUID) -> PeopleImport | None:
        return self.all.get(import_id)

    def lock_running(self, import_id: UUID) -> PeopleImport | None:
        found = self.all.get(import_id)
        return found if found and found.state is ImportState.RUNNING else None

    def next_running(self, after: UUID | None) -> PeopleImport | None:
        running = sorted(key for key, each in self.all.items() if each.state is ImportState.RUNNING)
        behind = [key for key in running if after is None or key > after]
        return self.all[(behind or running)[0]] if running else None

    def page(self, uploaded_by: str, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[PeopleImport]:
        own = [each for each in self.all.values() if each.uploaded_by == uploaded_by]
        newest = sorted(own, key=lambda each: (each.created_at, each.id), reverse=True)
        return [each for each in newest if before is None or (each.created_at, each.id) < before][:limit]

    def add(self, new: PeopleImport, people: Sequence[ImportedPerson]) -> None:
        self.all[new.id], self.waiting[new.id] = new, list(people)

    def save(self, changed: PeopleImport) -> None:
        self.all[changed.id] = changed

    def people(self, import_id: UUID) -> Sequence[ImportedPerson]:
        return self.waiting.get(import_id, [])

    def without_temporary_id(self, import_id: UUID, limit: int) -> Sequence[ImportedPerson]:
        return [each for each in self.people(import_id) if each.temporary_id is None][:limit]

    def draw(self, import_id: UUID, people: Sequence[ImportedPerson]) -> None:
        drawn = {each.place: each for each in people}
        self.waiting[import_id] = [drawn.get(each.place, each) for each in self.waiting[import_id]]

    def invited(self, import_id: UUID, invitation_ids: Sequence[UUID]) -> None:
        people = self.waiting.pop(import_id)
        self.made[import_id] = [(made, each.rows) for made, each in zip(invitation_ids, people, strict=True)]

    def forget_people(self, import_id: UUID) -> None:
        self.waiting.pop(import_id, None)

    def invitation_ids(self, import_id: UUID) -> Sequence[tuple[UUID, tuple[int, ...]]]:
        return self.made.get(import_id, [])

    def drop(self, unconfirmed_before: datetime, ended_before: datetime, limit: int) -> int:
        stale = self._stale(unconfirmed_before, ended_before)[:limit]
        for import_id in stale:
            del self.all[import_id]
            self.forget_people(import_id)
            self.made.pop(import_id, None)
        return len(stale)

    def count_stale(self, unconfirmed_before: datetime, ended_before: datetime) -> int:
        return len(self._stale(unconfirmed_before, ended_before))

    def _stale(self, unconfirmed_before: datetime, ended_before: datetime) -> list[UUID]:
        idle = [each for each in self.all.values() if each.state is not ImportState.RUNNING]
        return [
            each.id
            for each in idle
            if (each.ended_at < ended_before if each.ended_at else each.created_at < unconfirmed_before)
        ]
