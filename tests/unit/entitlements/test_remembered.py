"""What a web process remembers for checks is never older than it may be (ENT-10; ADR 0040)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

import pytest

from services.entitlements.adapters.remembered.keeper import Keeper
from services.entitlements.adapters.remembered.memory import Memory, Remembered
from services.entitlements.domain.access import Standing
from services.entitlements.domain.checking import Knowledge, Question
from services.entitlements.domain.people import AccountState
from services.entitlements.domain.places import Line, Place

HERE = Place("123456789", Line.MEDICAL)
SALLY = Question("sally", "claim_status", HERE)
STANDING = Standing(frozenset({"claim_status"}), None, is_suspended=False)
LINES = frozenset({Line.MEDICAL})
A_ROUND_TRIP = 0.5


class Clock:
    def __init__(self) -> None:
        self.moment = 100.0

    def __call__(self) -> float:
        return self.moment


class ScriptedLine:
    """Takes half a second for each round trip."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.coming: list[str] = []
        self.telling = True
        self.broken = False
        self.closed = False

    def round_trip(self) -> None:
        self.clock.moment += A_ROUND_TRIP
        if self.broken:
            raise ConnectionError

    def tells(self) -> bool:
        self.round_trip()
        return self.telling

    def words(self) -> Iterator[str]:
        came, self.coming = self.coming, []
        return iter(came)

    def close(self) -> None:
        self.closed = True


class Kept:
    """A memory, and who keeps it true, by hand."""

    def __init__(self, most: int = 100) -> None:
        self.clock = Clock()
        self.memory = Memory(most, now=self.clock)
        self.lines: list[ScriptedLine] = []
        self.keeper = Keeper(self.memory, self._connect, now=self.clock, every=0)

    def _connect(self) -> ScriptedLine:
        self.lines.append(ScriptedLine(self.clock))
        return self.lines[-1]

    @property
    def line(self) -> ScriptedLine:
        return self.lines[-1]

    def step(self, *words: str) -> None:
        if words:
            self.line.coming.extend(words)
        self.keeper.step()

    def read(self, *user_ids: str) -> None:
        with self.memory.reading() as reading:
            reading.users = {each: of_user() for each in user_ids}
            reading.tins = {HERE.tin: LINES}

    def known(self, question: Question = SALLY, *, since: float | None = None) -> Sequence[Knowledge] | None:
        return self.memory.known([question], self.memory.true_as_of if since is None else since)


def of_user() -> Remembered:
    return AccountState.ACTIVE, {HERE.tin + HERE.line: STANDING}


@pytest.fixture
def kept() -> Kept:
    kept = Kept()
    kept.step()
    kept.step()
    kept.read("sally", "mary")
    kept.step()
    return kept


def test_it_is_true_as_of_the_beginning_of_a_round_trip__ENT_10(kept: Kept) -> None:
    began = kept.clock.moment
    kept.step()
    assert kept.memory.true_as_of == began == kept.clock.moment - A_ROUND_TRIP
    assert kept.known(since=began) == [Knowledge(AccountState.ACTIVE, LINES, STANDING, had_access=False)]
    assert kept.known(since=began + 0.001) is None


def test_word_of_a_change_comes_ahead_of_the_truth_that_follows__ENT_10(kept: Kept) -> None:
    kept.step("usally")
    assert kept.known() is None
    assert kept.known(Question("mary", "claim_status", HERE)) is not None
    kept.step("t" + HERE.tin)
    assert kept.known(Question("mary", "claim_status", HERE)) is None
    assert kept.known(Question("mary", "resources", None)) is not None
    kept.step("*")
    assert kept.known(Question("mary", "resources", None)) is None


def test_what_changed_while_it_was_read_is_not_kept__ENT_10(kept: Kept) -> None:
    kept.step("usally", "umary")
    with kept.memory.reading() as reading:
        reading.users = {"sally": of_user(), "mary": of_user()}
        kept.step("usally")
    kept.step()
    assert kept.known() is None
    assert kept.known(Question("mary", "claim_status", HERE)) is not None


@pytest.mark.parametrize("word", ["*", "t" + HERE.tin, "another kind of word"])
def test_nor_where_word_came_between_its_end_and_the_next_truth__ENT_10(kept: Kept, word: str) -> None:
    kept.step("*")
    kept.read("sally")
    kept.step(word)
    assert kept.known() is None


def test_what_was_read_joins_with_a_truth_of_after_its_end__ENT_10(kept: Kept) -> None:
    kept.step("*")
    with kept.memory.reading() as reading:
        reading.users, reading.tins = {"sally": of_user()}, {HERE.tin: LINES}
        kept.step()
        reading_ends = kept.clock.moment
    kept.clock.moment -= A_ROUND_TRIP  # a round trip that began while it was read ends only now
    kept.memory.prove(as_of=reading_ends - 0.1)
    assert kept.known() is None
    kept.memory.prove(as_of=reading_ends)
    assert kept.known() is not None


def test_where_the_connection_is_lost_all_is_forgotten__ENT_10(kept: Kept) -> None:
    with kept.memory.reading() as reading:
        reading.users = {"sally": of_user()}
        kept.line.broken = True
        with pytest.raises(ConnectionError):
            kept.step()
        assert kept.line.closed
    assert kept.known(since=float("-inf")) is None
    for _ in range(3):
        kept.step()
        assert kept.known() is None, "it was read while nobody listened"
    kept.read("sally")
    kept.step()
    assert kept.known() is not None


def test_where_the_database_does_not_tell_nothing_is_kept__ENT_10(kept: Kept) -> None:
    kept.line.telling = False
    kept.clock.moment += 1.5
    kept.step()
    assert (kept.line.closed, kept.known(since=float("-inf"))) == (True, None)


def test_no_more_is_kept_than_there_is_room_for__OPS_8() -> None:
    kept = Kept(most=5)
    kept.step()
    kept.step()
    for number in count():
        kept.read(f"user{number}")
        kept.step()
        if not kept.memory.has_room:
            break
    assert (kept.memory.users, kept.memory.places) == (4, 4)
    kept.read("one more")
    kept.step("uuser0")
    assert kept.memory.users == 3 + (not kept.memory.has_room)


def test_former_access_is_told_from_none__ENT_10(kept: Kept) -> None:
    there = Place(HERE.tin, Line.DENTAL)
    with kept.memory.reading() as reading:
        reading.users = {"paul": (AccountState.ACTIVE, {there.tin + there.line: None})}
    kept.step()
    for place, had_access in ((there, True), (HERE, False)):
        known = kept.known(Question("paul", "claim_status", place))
        assert known == [Knowledge(AccountState.ACTIVE, LINES, None, had_access)]
