"""What a user ID may be, and which are free."""

from __future__ import annotations

import pytest

from chassis.kernel.user_ids import fold
from services.identity.application.check_availability import CheckAvailability, check_availability
from services.identity.domain.errors import TooManyAttemptsError
from services.identity.domain.user_ids import UserIdProblem, is_well_formed, problem_of
from tests.unit.identity.world import World

RESERVED = frozenset({"wardenry-support", "administrator"})


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("user_id", ["abcdef", "a" * 32, "m.martin_5-x", "zz9999"])
def test_six_to_thirty_two_letters_digits_and_marks__REG_6(user_id: str) -> None:
    assert is_well_formed(user_id)


@pytest.mark.parametrize(
    "user_id",
    ["", "abcde", "a" * 33, "5mmartin", ".mmartin", "m martin", "mmärtin", "mmartin\n", "mmartin\x00", "mm@rtin5"],
)
def test_any_other_form_is_refused__REG_6(user_id: str) -> None:
    assert problem_of(fold(user_id) if user_id.isprintable() else user_id, RESERVED) is UserIdProblem.INVALID


@pytest.mark.parametrize("user_id", ["administrator", "wardenry-support", "wardenry_support", "wardenrysupport"])
def test_reserved_names_are_refused_under_any_separator__REG_6(user_id: str) -> None:
    assert problem_of(user_id, RESERVED) is UserIdProblem.RESERVED


@pytest.mark.parametrize(
    "typed", ["MMartin5", " mmartin5 ", "\uff4d\uff4d\uff41\uff52\uff54\uff49\uff4e\uff15", "mmartIn5"]
)
def test_taken_whatever_the_case_and_the_letters_form__REG_6(world: World, typed: str) -> None:
    world.active("mmartin5")
    answer = world.run(check_availability, CheckAvailability(typed))
    assert (answer.available, answer.code) == (False, "user_id_taken")


def test_three_free_suggestions_that_can_be_had__REG_6(world: World) -> None:
    world.active("mmartin5")
    answer = world.run(check_availability, CheckAvailability("mmartin5"))
    assert len(set(answer.suggestions)) == 3
    for suggestion in answer.suggestions:
        assert world.run(check_availability, CheckAvailability(suggestion)).available


def test_a_suggestion_that_is_taken_itself_is_passed_over__REG_6(world: World) -> None:
    world.active("mmartin5")
    world.randomness.next_code = 10
    first = world.run(check_availability, CheckAvailability("mmartin5")).suggestions[0]
    world.active(first)
    world.randomness.next_code = 10
    assert first not in world.run(check_availability, CheckAvailability("mmartin5")).suggestions


@pytest.mark.parametrize("wished", ["", "5", "ab", "---", "ünï", "administrator", "x" * 500, "a.b.c.d.e.f." * 9])
def test_suggestions_for_any_wish_are_well_formed__REG_6(world: World, wished: str) -> None:
    answer = world.run(check_availability, CheckAvailability(wished))
    assert not answer.available
    assert len(answer.suggestions) == 3
    assert all(is_well_formed(each) for each in answer.suggestions)


def test_a_free_one_needs_no_suggestions__REG_6(world: World) -> None:
    answer = world.run(check_availability, CheckAvailability("brandnew"))
    assert (answer.available, answer.code, answer.suggestions) == (True, None, [])


def test_asking_about_many_is_limited_for_everybody_together__REG_6(world: World) -> None:
    for number in range(world.ports.rules.availability_budget):
        world.run(check_availability, CheckAvailability(f"person{number:06}"))
    with pytest.raises(TooManyAttemptsError) as refused:
        world.run(check_availability, CheckAvailability("onemore1"))
    assert refused.value.retry_after == 60
    assert world.run(check_availability, CheckAvailability("onemore1", budgeted=False)).available
