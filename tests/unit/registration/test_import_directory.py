"""REG-17: a directory file becomes practices, and tells the other services what is new."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field

import pytest

from chassis.kernel.messages import Event
from services.registration.adapters.row_spool import RowSpool
from services.registration.application import import_directory as module
from services.registration.application.directory_file import ImportProgress, RowFault
from services.registration.application.import_directory import (
    FAULTS_KEPT,
    ImportDirectory,
    ImportResult,
    ImportTools,
    import_directory,
)
from services.registration.domain.events import DirectoryChanged, PracticeLinesChanged
from services.registration.domain.practices import Row
from tests.unit.registration.fakes import FakeStore, FakeWork


class KilledError(Exception):
    pass


@dataclass
class FakeFile:
    rows: Sequence[Row | RowFault]
    size: int = 100
    done: int = 0

    def batches(self, report: Callable[[RowFault], None]) -> Iterator[Sequence[Row]]:
        for row in self.rows:
            if isinstance(row, RowFault):
                report(row)
            else:
                yield [row]
        self.done = self.size


@dataclass
class World:
    store: FakeStore = field(default_factory=FakeStore)
    committed: list[Event] = field(default_factory=list)
    progress: list[ImportProgress] = field(default_factory=list)
    transactions: int = 0
    dies_after: int | None = None

    def load(self, *rows: Row | RowFault) -> ImportResult:
        self.committed.clear()
        self.progress.clear()
        with closing(RowSpool()) as spool:
            tools = ImportTools(self.begin, spool, nullcontext)
            return import_directory(ImportDirectory(FakeFile(rows), self.progress.append), tools)

    @contextmanager
    def begin(self) -> Iterator[FakeWork]:
        if self.transactions == self.dies_after:
            raise KilledError
        self.transactions += 1
        work = FakeWork(self.store)
        yield work
        self.committed += work.events

    @property
    def told(self) -> list[tuple[str, str, int]]:
        """TIN, name and version of each practice in the events."""
        events = [event for event in self.committed if isinstance(event, DirectoryChanged)]
        return [(each.tin, each.name, each.version) for event in events for each in event.practices]


@pytest.fixture
def world() -> World:
    return World()


def row(number: int, name: str = "A", lines: str = "medical", details: str = "{}") -> Row:
    return f"{number:09d}", name, lines, details


def counts(result: ImportResult) -> tuple[int, ...]:
    numbers = result.added, result.changed, result.unchanged, result.superseded, result.wrong
    assert result.rows == sum(numbers)
    return numbers


def test_a_first_import_adds_everything__REG_17(world: World) -> None:
    assert counts(world.load(row(1), row(2, "B", "medical;dental"))) == (2, 0, 0, 0, 0)
    assert world.told == [("000000001", "A", 1), ("000000002", "B", 1)]
    assert world.store.practices.rows["000000002"] == (*row(2, "B", "medical;dental"), 1)


def test_the_same_file_again_changes_and_says_nothing__REG_17(world: World) -> None:
    rows = [row(1), row(2), row(1, "B")]
    world.load(*rows)
    assert counts(world.load(*rows)) == (0, 0, 2, 1, 0)
    assert world.committed == []


@pytest.mark.parametrize("changed", [row(1, "B"), row(1, "A", "dental"), row(1, details='{"city":"X"}')])
def test_only_what_changed_is_told_with_a_higher_version__REG_17(world: World, changed: Row) -> None:
    world.load(row(1), row(2))
    assert counts(world.load(changed, row(2), row(3))) == (1, 1, 1, 0, 0)
    assert world.told == [("000000001", changed[1], 2), ("000000003", "A", 1)]


def test_of_a_tin_that_comes_again_the_last_row_alone_counts__REG_17(world: World) -> None:
    result = world.load(row(1, "first"), row(2), row(1, "second"), row(1, "last"))
    assert counts(result) == (2, 0, 0, 2, 0)
    assert result.errors == []
    assert world.told == [("000000002", "A", 1), ("000000001", "last", 1)]


def test_a_wrong_row_supersedes_nothing__REG_17(world: World) -> None:
    fault = RowFault(3, "practice_name", "name_missing", "A practice has a name.")
    result = world.load(row(1, "good"), fault)
    assert counts(result) == (1, 0, 0, 0, 1)
    assert result.errors == [fault]
    assert world.told == [("000000001", "good", 1)]


def test_practices_that_the_file_does_not_name_stay__REG_17(world: World) -> None:
    world.load(row(1), row(2))
    world.load(row(2))
    assert "000000001" in world.store.practices.rows


def test_lost_and_gained_lines_are_told_by_themselves__REG_17(world: World) -> None:
    world.load(row(1, lines="medical;behavioral"), row(2))
    world.load(row(1, lines="behavioral;dental"), row(2, "B"))
    (told,) = [event for event in world.committed if isinstance(event, PracticeLinesChanged)]
    assert (told.practice.tin, told.practice.version) == ("000000001", 2)
    assert (told.before, told.gained, told.lost) == (("medical", "behavioral"), ("dental",), ("medical",))


def test_an_event_has_a_thousand_practices_at_most__REG_17(world: World) -> None:
    world.load(*[row(number) for number in range(2_500)])
    sizes = [len(event.practices) for event in world.committed if isinstance(event, DirectoryChanged)]
    assert sizes == [1_000, 1_000, 500]
    assert len(set(world.told)) == 2_500


def test_killed_half_way_the_next_run_completes_it_and_tells_each_practice_once__REG_17(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 10)
    rows = [row(number) for number in range(100)]
    world.dies_after = 4
    with pytest.raises(KilledError):
        world.load(*rows)
    before = world.told
    assert len(before) == 40
    world.dies_after = None
    assert counts(world.load(*rows)) == (60, 0, 40, 0, 0)
    assert sorted(before + world.told) == [(each[0], "A", 1) for each in rows]


def test_faults_are_told_up_to_a_limit_and_counted_beyond_it__REG_17(world: World) -> None:
    faults = [RowFault(line, "tin", "tin_invalid", "No TIN.") for line in range(FAULTS_KEPT + 5)]
    result = world.load(*faults, row(1))
    assert counts(result) == (1, 0, 0, 0, FAULTS_KEPT + 5)
    assert result.errors == faults[:FAULTS_KEPT]


def test_progress_is_told_while_reading_and_while_writing__REG_17(world: World) -> None:
    world.load(row(1), row(1), row(2))
    assert [(each.stage, each.total) for each in world.progress] == [("reading", 100)] * 3 + [("writing", 2)]
    assert world.progress[-1].done == 2


def test_what_was_superseded_is_known_however_rows_come__REG_17() -> None:
    chance = random.Random(7)  # noqa: S311 (the same rows every time)
    for size in (1, 1_500, 5_000):
        numbers = [chance.randrange(size) for _ in range(size)]
        rows = [row(number, str(place)) for place, number in enumerate(numbers)]
        with closing(RowSpool()) as spool:
            for start in range(0, size, 700):
                spool.keep(rows[start : start + 700])
            kept = [each for batch in spool.batches(333) for each in batch]
            last = {each[0]: each for each in rows}
            assert sorted(kept) == sorted(last.values())
            assert (spool.rows, spool.superseded) == (size, size - len(last))
