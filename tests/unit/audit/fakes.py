"""Audit's store in memory, and a unit of work that notes what was recorded."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import shake_256
from typing import Any, BinaryIO

from chassis.kernel.cause import Cause
from chassis.kernel.messages import Event
from chassis.testing.clocks import StandingClock
from services.audit.application.ports import (
    EntryFilter,
    Found,
    Place,
    Placed,
    Ports,
    Reach,
    WriteRows,
)
from services.audit.domain.changes import Change
from services.audit.domain.entry import Entry
from services.audit.domain.personal import Disclosed
from services.audit.domain.reading import Format, HistoryFilter
from services.audit.domain.report import ReportRow
from services.audit.domain.rights import Held


@dataclass
class FakeLog:
    entries: list[Entry] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)

    def append(self, entries: Sequence[Entry]) -> Sequence[int | None]:
        return [self._append(entry) for entry in entries]

    def _append(self, entry: Entry) -> int | None:
        if any(entry.arrival.event_id == known.arrival.event_id for known in self.entries):
            return None
        self.entries.append(entry)
        return len(self.entries) - 1

    def search(self, sought: EntryFilter, below: int | None, limit: int) -> Sequence[Found]:
        raise NotImplementedError

    def personal(self, index: int) -> Sequence[Disclosed]:
        personal = self.entries[index].personal
        return [*personal.person, *personal.address]

    def erase(self, user_id: str) -> int:
        self.erased.append(user_id)
        return 1


@dataclass
class FakeAccess:
    held: dict[tuple[str, str, str], Held] = field(default_factory=dict)

    def put(self, held: Held) -> None:
        self.held[held.user_id, held.tin, held.line] = held

    def remove(self, user_id: str, tin: str, line: str) -> None:
        self.held.pop((user_id, tin, line), None)

    def opens(self, user_id: str, now: datetime) -> set[tuple[str, str]]:
        return {(h.tin, h.line) for h in self.held.values() if h.user_id == user_id and h.sees_history(now)}

    def sees_history(self, user_id: str, tin: str | None, now: datetime) -> bool:
        return any(tin in {None, opened} for opened, _ in self.opens(user_id, now))


@dataclass
class FakeHistory:
    access: FakeAccess
    kept: list[Placed] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def add(self, leaf_index: int, changes: Sequence[Change]) -> None:
        self.kept.extend(
            Placed(Place(change.at, leaf_index, ordinal), change) for ordinal, change in enumerate(changes)
        )

    def page(self, reach: Reach, wished: HistoryFilter, after: Place | None, limit: int) -> Sequence[Placed]:
        rows = [row for row in self.kept if self._within(reach, wished, row.change)]
        rows.sort(key=lambda row: (row.place.at, row.place.leaf_index, row.place.ordinal), reverse=True)
        start = next((number for number, row in enumerate(rows, 1) if row.place == after), 0)
        return rows[start : start + limit]

    def report(self, reach: Reach, wished: HistoryFilter) -> Iterator[Sequence[ReportRow]]:
        for row in self.page(reach, wished, None, len(self.kept)):
            yield [reported(row.change)]

    def has_registered(self, temporary_id: str, user_id: str) -> int:
        def known(change: Change) -> Change:
            is_theirs = change.temporary_id == temporary_id and change.user_id is None
            return replace(change, user_id=user_id, registered=True) if is_theirs else change

        before = [row.change for row in self.kept]
        self.kept = [Placed(row.place, known(row.change)) for row in self.kept]
        return sum(row.change != was for row, was in zip(self.kept, before, strict=True))

    def forget_person(self, user_id: str) -> int:
        self.forgotten.append(user_id)
        return 1

    def forget_invitee(self, temporary_id: str) -> int:
        self.forgotten.append(temporary_id)
        return 1

    def _within(self, reach: Reach, wished: HistoryFilter, change: Change) -> bool:
        if reach.user_id is not None and (change.tin, change.line) not in self.access.opens(reach.user_id, reach.now):
            return False
        return wished.tin in {None, change.tin} and wished.user_id in {None, change.user_id}


@dataclass
class FakeTemporaryIds:
    kept: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def keep(self, temporary_id: str, user_id: str, *, came_by_it: bool) -> None:
        self.kept[temporary_id] = (user_id, came_by_it)

    def came_by(self, user_id: str) -> str | None:
        return next((each for each, kept in self.kept.items() if kept == (user_id, True)), None)

    def of(self, user_id: str) -> Sequence[str]:
        return [each for each, (user, _) in self.kept.items() if user == user_id]


class FakeStore:
    def __init__(self) -> None:
        self.temporary_ids = FakeTemporaryIds()
        self.log = FakeLog()
        self.access = FakeAccess()
        self.history = FakeHistory(self.access)


@dataclass
class FakeWork:
    store: FakeStore = field(default_factory=FakeStore)
    recorded: list[Event] = field(default_factory=list)
    cause: Cause = field(default_factory=lambda: Cause(actor="system:test", correlation_id="c-1"))

    @contextmanager
    def reading(self) -> Iterator[FakeStore]:
        yield self.store

    def writing(self) -> FakeStore:
        return self.store

    def acting_as(self, actor: str) -> None:
        raise AssertionError("nobody acts as another here")

    def record(self, *events: Event) -> None:
        self.recorded.extend(events)


def reported(change: Change) -> ReportRow:
    told: dict[str, Any] = {
        name: getattr(change, name, None) or getattr(change.person, name, None) for name in ReportRow._fields
    }
    return ReportRow(**told)


@contextmanager
def lines_document(file: BinaryIO) -> Iterator[WriteRows]:
    def write(batches: Iterator[Sequence[ReportRow]]) -> int:
        lines = [f"{row.tin} {row.user_id}\n".encode() for batch in batches for row in batch]
        file.writelines(lines)
        return len(lines)

    yield write


@dataclass
class World:
    """A store, a clock and ports, with one unit of work after another."""

    work: FakeWork = field(default_factory=FakeWork)
    clock: StandingClock = field(default_factory=StandingClock)
    files: list[io.BytesIO] = field(default_factory=list)

    @property
    def ports(self) -> Ports:
        documents = dict.fromkeys(Format, lines_document)
        return Ports(self.clock, lambda length: shake_256(b"salt").digest(length), documents, self._new_file)

    def _new_file(self) -> BinaryIO:
        self.files.append(io.BytesIO())
        return self.files[-1]
