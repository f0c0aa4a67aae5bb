"""What follows from managers coming and going (ENT-3, REG-12)."""

from __future__ import annotations

from dataclasses import replace

from services.entitlements.application.manager_news import ManagerMove, tell_of_managers
from services.entitlements.domain.events import (
    ManagerAdded,
    ManagerRemoved,
    ManagersBelowTwo,
    PracticeWithoutManager,
)
from services.entitlements.domain.requests import RequestState
from tests.unit.entitlements.fakes import FakeWork, World
from tests.unit.entitlements.rulebook import HERE, THERE


def tell(world: World, *moves: ManagerMove) -> FakeWork:
    work = world.work()
    tell_of_managers(work, moves, "mary", world.clock.now())
    return work


def move(world: World, user_id: str, *, came: bool, counts: bool = True) -> ManagerMove:
    return ManagerMove(HERE, world.person(user_id), came=came, counts=counts)


def test_the_first_manager_gets_what_waited_for_one__REG_12() -> None:
    world = World()
    request = world.ask("anna", HERE, RequestState.NO_MANAGER)
    elsewhere = world.ask("bert", THERE, RequestState.NO_MANAGER)
    world.clock.advance(days=3)
    world.give("mary", "primary")
    (added,) = tell(world, move(world, "mary", came=True)).recorded(ManagerAdded)
    assert (added.managers, added.requests) == (("mary",), (request,))
    assert world.request(request.request_id).state is RequestState.AWAITING
    assert world.request(elsewhere.request_id).state is RequestState.NO_MANAGER


def test_reminders_count_from_when_a_manager_could_first_decide__REG_12() -> None:
    world = World()
    request = replace(world.ask("anna", HERE, RequestState.UNCONFIRMED), decidable_since=None)
    opened = request.opened(world.clock.now(), managed=False)
    world.clock.advance(days=20)
    first = opened.managers_changed(world.clock.now(), managed=True)
    lost = first.managers_changed(world.clock.now(), managed=False)
    world.clock.advance(days=1)
    again = lost.managers_changed(world.clock.now(), managed=True)
    assert first.decidable_since == again.decidable_since != opened.since
    assert (lost.state, again.state) == (RequestState.NO_MANAGER, RequestState.AWAITING)
    withdrawn = again.withdrawn(world.clock.now())
    assert withdrawn.managers_changed(world.clock.now(), managed=False) == withdrawn


def test_a_further_manager_changes_nothing_for_requests__REG_12() -> None:
    world = World()
    world.give("mary", "primary")
    world.give("george", "primary")
    world.ask("anna")
    work = tell(world, move(world, "george", came=True))
    assert [event.requests for event in work.recorded(ManagerAdded)] == [()]
    assert len(work.events) == 1


def test_a_place_that_falls_to_one_manager_is_told__ENT_3() -> None:
    world = World()
    world.give("mary", "primary")
    work = tell(world, move(world, "george", came=False))
    (removed,), (below,) = work.recorded(ManagerRemoved), work.recorded(ManagersBelowTwo)
    assert removed.managers == below.managers == ("mary",)
    assert below.practice == "State Medical Center"
    assert not tell(world, move(world, "mary", came=True)).recorded(ManagersBelowTwo)


def test_a_place_without_manager_is_told_with_what_nobody_can_decide__REG_13() -> None:
    world = World()
    request = world.ask("anna")
    work = tell(world, move(world, "mary", came=False))
    (without,) = work.recorded(PracticeWithoutManager)
    assert without.requests == (request,)
    assert world.request(request.request_id).state is RequestState.NO_MANAGER
    assert not work.recorded(ManagersBelowTwo)


def test_a_suspended_manager_who_comes_or_goes_decides_nothing__ENT_14() -> None:
    world = World()
    request = world.ask("anna", HERE, RequestState.NO_MANAGER)
    world.give("sue", "primary", suspended="account_disabled")
    work = tell(world, move(world, "sue", came=True, counts=False))
    assert [(event.managers, event.requests) for event in work.recorded(ManagerAdded)] == [((), ())]
    assert world.request(request.request_id).state is RequestState.NO_MANAGER
