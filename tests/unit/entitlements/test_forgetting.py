"""Of somebody whose account is gone the access ends, told without a name (IDN-13, IDN-15)."""

from __future__ import annotations

from services.entitlements.application.forget_person import BY, ForgetPerson, forget_person
from services.entitlements.domain.events import AccessTurned, ManagerRemoved, PracticeWithoutManager, RequestWithdrawn
from services.entitlements.domain.people import NOBODY, AccountState
from services.entitlements.domain.requests import RequestState
from tests.unit.entitlements.fakes import FakeWork, World
from tests.unit.entitlements.rulebook import ELSEWHERE, HERE


def forgotten(world: World, user_id: str) -> FakeWork:
    work = world.work()
    forget_person(ForgetPerson(user_id, None), work, world.ports)
    return work


def test_their_access_ends_and_is_told_without_a_name__IDN_13() -> None:
    world = World()
    world.give("mary", "primary")
    world.give("sally", "processor", "claim_status")
    work = forgotten(world, "sally")
    assert world.held("sally") is None
    (turned,) = work.recorded(AccessTurned)
    assert (turned.user_id, turned.by, turned.after, turned.profile) == ("sally", BY, None, NOBODY)
    assert world.store.people.rows["sally"].profile == NOBODY
    assert world.store.people.rows["sally"].state is AccountState.REMOVED
    assert world.held("mary") is not None


def test_even_a_last_manager_goes_and_the_practice_is_known_to_have_none__IDN_13_ENT_3() -> None:
    world = World()
    world.give("mary", "primary")
    work = forgotten(world, "mary")
    assert [each.place for each in work.recorded(PracticeWithoutManager)] == [HERE]
    assert [each.profile for each in work.recorded(ManagerRemoved)] == [NOBODY]


def test_what_they_asked_for_is_taken_back__IDN_13() -> None:
    world = World()
    world.give("mary", "primary")
    world.ask("zoe", HERE)
    world.ask("zoe", ELSEWHERE, RequestState.UNCONFIRMED, "never heard of")
    work = forgotten(world, "zoe")
    assert [each.request.request_id for each in work.recorded(RequestWithdrawn)] == ["request of zoe"]
    assert world.request("never heard of").state is RequestState.EXPIRED


def test_the_same_again_changes_nothing__OPS_3() -> None:
    world = World()
    world.give("sally", "processor", "claim_status")
    assert len(forgotten(world, "sally").events) == 1
    assert forgotten(world, "sally").events == []
