"""Why, and why not (ENT-10, ENT-14)."""

from __future__ import annotations

import pytest

from services.entitlements.application.check_access import CheckAccess, check_access
from services.entitlements.domain.checking import Question
from services.entitlements.domain.people import AccountState
from tests.unit.entitlements.fakes import World
from tests.unit.entitlements.rulebook import ELSEWHERE, HERE, THERE


def ask(world: World, function: str = "claim_status", user_id: str = "sally") -> str:
    command = CheckAccess(None, (Question(user_id, function, HERE),))
    (answer,) = check_access(command, world.ports)
    assert answer.allowed is (answer.reason == "granted")
    return answer.reason


def test_suspended_access_is_not_held__ENT_14() -> None:
    world = World()
    world.give("sally", "processor", "claim_status", suspended="account_disabled")
    assert ask(world) == "suspended"


def test_access_ends_at_its_end_though_nobody_has_closed_it__ENT_11() -> None:
    world = World()
    world.give("sally", "processor", "claim_status", until=1)
    world.clock.advance(hours=23, minutes=59)
    assert ask(world) == "granted"
    world.clock.advance(minutes=1)
    assert ask(world) == "access_ended"


@pytest.mark.parametrize("state", [AccountState.HEARD_OF, AccountState.UNCONFIRMED])
def test_an_unconfirmed_account_may_nothing__REG_9(state: AccountState) -> None:
    world = World()
    world.person("sally", state)
    world.give("sally", "processor", "claim_status")
    assert ask(world) == ask(world, "resources") == "not_confirmed"


def test_former_access_is_told_from_none__ENT_10() -> None:
    world = World()
    access = world.give("sally", "processor", "claim_status")
    world.store.accesses.end(access.access_id, world.clock.now(), "mary")
    assert ask(world) == "access_ended"
    world.give("sally", "processor", "claim_status", place=THERE)
    world.person("bert")
    assert ask(world, user_id="bert") == "no_access"
    assert ask(world, user_id="nobody") == "user_unknown"


def test_a_question_without_a_place_is_about_resources_alone__ENT_10() -> None:
    world = World()
    world.give("sally", "processor", "claim_status", place=ELSEWHERE)
    questions = tuple(Question("sally", function, None) for function in ("resources", "claim_status", "telepathy"))
    answers = check_access(CheckAccess("sally", questions), world.ports)
    assert [answer.reason for answer in answers] == ["granted", "no_access", "function_unknown"]


def test_the_level_brings_its_functions__ENT_2() -> None:
    world = World()
    world.give("sally", "auditor")
    assert (ask(world, "history_report"), ask(world, "delegate_access")) == ("granted", "not_granted")
