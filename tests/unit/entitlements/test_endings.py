"""Access that ends by itself: announced 14 days before, and its end told like any removal (ENT-11)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.entitlements.application.announce_endings import announce_endings, count_unannounced
from services.entitlements.application.end_access import count_ending_access, end_access
from services.entitlements.domain.events import AccessEnding, AccessTurned, ManagerRemoved, ManagersBelowTwo, Turn
from tests.unit.entitlements.fakes import FakeWork, World
from tests.unit.entitlements.rulebook import ELSEWHERE, NOW, grant


@pytest.fixture
def world() -> World:
    world = World()
    world.give("mary", "primary")
    return world


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def end(world: World, number: float) -> FakeWork:
    work = world.work()
    while end_access(work, world.ports, day(number)):
        pass
    return work


def announced(world: World, number: float) -> list[AccessEnding]:
    work = world.work()
    while announce_endings(work, world.ports, day(number)):
        pass
    return work.recorded(AccessEnding)


def test_an_end_is_announced_fourteen_days_before_and_once__ENT_11(world: World) -> None:
    world.give("anna", "processor", "claim_status", until=20)
    assert announced(world, 5.9) == []
    assert count_unannounced(world.work(), world.ports, day(6)) == 1
    (told,) = announced(world, 6)
    assert (told.access.user_id, told.managers, told.practice) == ("anna", ("mary",), "State Medical Center")
    assert announced(world, 7) == announced(world, 30) == []


def test_another_end_is_announced_anew__ENT_11(world: World) -> None:
    first = world.give("anna", "processor", "claim_status", until=10)
    assert len(announced(world, 0)) == 1
    world.store.accesses.end(first.access_id, NOW, "mary")
    world.give("anna", "processor", "claim_status", until=40)
    assert announced(world, 0) == []
    assert len(announced(world, 30)) == 1


def test_what_is_over_is_not_about_to_end__ENT_11(world: World) -> None:
    world.give("anna", "processor", "claim_status", until=3)
    assert announced(world, 4) == []


def test_an_end_is_told_like_any_removal__ENT_11(world: World) -> None:
    given = world.give("anna", "processor", "claim_status", until=3)
    assert end(world, 2.9).events == []
    world.clock.advance(days=5)
    assert count_ending_access(world.work(), world.clock.now()) == 1
    (ended,) = end(world, 5).recorded(AccessTurned)
    assert (ended.turn, ended.by, ended.at, ended.managers) == (Turn.ENDED, "system:time", day(3), ("mary",))
    assert (ended.before, ended.after) == (grant("processor", "claim_status", until=3), None)
    assert world.store.accesses.rows[given.access_id].ended_at == day(3)
    assert end(world, 6).events == []


def test_as_of_a_day_to_come_it_ends_now__OPS_7(world: World) -> None:
    given = world.give("anna", "processor", "claim_status", until=3)
    (ended,) = end(world, 10).recorded(AccessTurned)
    assert ended.at == NOW
    assert world.store.accesses.rows[given.access_id].ended_at == NOW


def test_the_end_of_a_manager_is_news_for_the_rest__ENT_3(world: World) -> None:
    world.give("george", "primary", until=3)
    world.clock.advance(days=4)
    work = end(world, 4)
    (removed,) = work.recorded(ManagerRemoved)
    assert (removed.user_id, removed.managers) == ("george", ("mary",))


def test_many_are_worked_off_in_parts_with_their_locks__OPS_8(world: World) -> None:
    for number in range(150):
        world.give(f"user{number}", "processor", "claim_status", until=1, place=ELSEWHERE)
    work = world.work()
    assert [end_access(work, world.ports, day(2)) for _ in range(3)] == [100, 50, 0]
    assert world.store.lines.locked == {ELSEWHERE.tin}
    assert not work.recorded(ManagersBelowTwo)
