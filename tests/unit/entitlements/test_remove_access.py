"""Removing takes away what the caller's TINs gave (ENT-8)."""

from __future__ import annotations

import pytest

from chassis.kernel.errors import ChangedMeanwhileError, NotFoundError
from services.entitlements.application.change_access import Outcome
from services.entitlements.application.remove_access import RemoveAccess, remove_access
from services.entitlements.domain.errors import LastManagerError, NotYoursToGiveError
from tests.unit.entitlements.fakes import World
from tests.unit.entitlements.rulebook import ELSEWHERE, HERE, THERE, grant


@pytest.fixture
def world() -> World:
    world = World()
    world.give("mary", "primary")
    world.give("mary", "primary", place=THERE)
    world.give("george", "primary")
    world.give("emil", "primary", place=ELSEWHERE)
    for place in (HERE, THERE, ELSEWHERE):
        world.give("sally", "processor", "claim_status", "eft_view", place=place)
    return world


def remove(
    world: World,
    giver: str,
    user_id: str,
    *,
    tin: str | None = None,
    dry_run: bool = False,
    versions: frozenset[str] | None = None,
) -> Outcome:
    command = RemoveAccess(giver, user_id, tin, dry_run, versions)
    return remove_access(command, world.work(), world.ports)


def test_removing_takes_what_the_callers_places_gave_and_leaves_the_rest__ENT_8(world: World) -> None:
    outcome = remove(world, "mary", "sally")
    assert {(item.tin, item.line.value) for item in outcome.before} == {
        (HERE.tin, "medical"),
        (HERE.tin, "behavioral"),
    }
    assert outcome.after == ()
    assert world.held("sally") is world.held("sally", THERE) is None
    assert world.held("sally", ELSEWHERE) == grant("processor", "claim_status", "eft_view")


def test_a_tin_narrows_the_removal__ENT_8(world: World) -> None:
    world.give("mary", "primary", place=ELSEWHERE)
    remove(world, "mary", "sally", tin=ELSEWHERE.tin)
    assert world.held("sally", ELSEWHERE) is None
    assert world.held("sally") is not None


def test_a_tin_that_is_not_the_callers_is_not_there__ENT_8(world: World) -> None:
    with pytest.raises(NotFoundError):
        remove(world, "mary", "sally", tin=ELSEWHERE.tin)
    assert world.held("sally", ELSEWHERE) is not None


def test_a_dry_run_removes_nothing__ENT_8(world: World) -> None:
    outcome = remove(world, "mary", "sally", dry_run=True)
    assert len(outcome.before) == 2
    assert outcome.after == ()
    assert world.held("sally") is not None


def test_what_a_secondary_does_not_hold_stays_and_is_shown__ENT_8(world: World) -> None:
    world.give("sec", "secondary", "claim_status")
    outcome = remove(world, "sec", "sally")
    assert [item.functions for item in outcome.after] == [("eft_view",)]
    assert world.held("sally") == grant("processor", "eft_view")
    with pytest.raises(NotYoursToGiveError):
        remove(world, "sec", "sally")


def test_a_secondary_removes_no_administrator__ENT_8(world: World) -> None:
    world.give("sec", "secondary", "claim_status")
    with pytest.raises(NotYoursToGiveError):
        remove(world, "sec", "george")


def test_the_last_manager_is_not_removed__ENT_3_ENT_8(world: World) -> None:
    with pytest.raises(LastManagerError):
        remove(world, "mary", "mary")
    assert world.held("mary") is not None
    assert world.held("mary", THERE) is not None


def test_a_processor_removes_nobody_not_even_themselves__GO_2(world: World) -> None:
    with pytest.raises(NotYoursToGiveError):
        remove(world, "sally", "sally")
    with pytest.raises(NotFoundError):
        remove(world, "sally", "mary")


def test_what_was_read_must_still_stand__ENT_7_ENT_8(world: World) -> None:
    read = world.version("sally", HERE, THERE)
    remove(world, "george", "sally")
    with pytest.raises(ChangedMeanwhileError):
        remove(world, "mary", "sally", versions=read)
