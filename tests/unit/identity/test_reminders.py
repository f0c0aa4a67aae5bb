"""A forgotten user ID goes to the verified address, and whoever asks is told nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chassis.kernel.ids import new_id
from services.identity.application.remind_user_id import RemindUserId, remind_user_id
from services.identity.domain.accounts import State
from services.identity.domain.events import UserIdReminded
from tests.unit.identity.recovering import BORN
from tests.unit.identity.world import MARY, World

EMAIL = "mary@clinic.example"


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.registered()
    return world


def ask(world: World, email: str = EMAIL, born: date = BORN) -> list[UserIdReminded]:
    """What was sent because of one more question."""
    before = len(world.happened(UserIdReminded))
    world.run(remind_user_id, RemindUserId(email, born, "medical"))
    return world.happened(UserIdReminded)[before:]


@pytest.mark.parametrize("typed", [EMAIL, " Mary@Clinic.EXAMPLE "])
def test_the_user_id_goes_to_the_verified_address__IDN_6(world: World, typed: str) -> None:
    (reminded,) = ask(world, typed)
    assert (reminded.user_id, reminded.language, reminded.site) == ("mmartin5", "en", "medical")
    assert reminded.sealed == f"sealed({reminded.reminder_id})"
    assert world.reminded == [EMAIL]


def test_of_several_accounts_each_is_told__IDN_6_REG_6(world: World) -> None:
    world.registered("mmartin6")
    assert sorted(each.user_id for each in ask(world)) == ["mmartin5", "mmartin6"]


@pytest.mark.parametrize(
    ("email", "born"),
    [("other@clinic.example", BORN), (EMAIL, date(1980, 2, 28)), ("not an address", BORN), ("", BORN)],
)
def test_without_a_match_nothing_is_sent_for_the_same_work__IDN_6(world: World, email: str, born: date) -> None:
    assert ask(world, email, born) == []
    assert world.reminded == [""]  # a seal is made in any case


@pytest.mark.parametrize("state", [State.DISABLED, State.REMOVED, State.UNCONFIRMED])
def test_only_a_confirmed_account_in_use_is_told__IDN_6_IDN_13(world: World, state: State) -> None:
    world.change("mmartin5", state=state)
    assert ask(world) == []


def test_an_address_that_is_not_verified_is_never_written_to__IDN_6(world: World) -> None:
    account = world.store.accounts.kept["mmartin5"]
    world.store.accounts.save(account.with_contact(replace(account.email, verified_at=None)))
    assert ask(world) == []


def test_a_registration_that_is_not_confirmed_is_not_told__IDN_6(world: World) -> None:
    person = replace(MARY, email="new@clinic.example")
    world.reserve("newperson", str(new_id()), person)
    assert ask(world, "new@clinic.example") == []


def test_nobody_fills_a_mailbox__IDN_6_IDN_9(world: World) -> None:
    assert [len(ask(world)) for _ in range(7)] == [1, 1, 1, 1, 1, 0, 0]
    world.clock.advance(minutes=59)
    assert ask(world) == []
    world.clock.advance(minutes=1)
    assert len(ask(world)) == 1


def test_an_address_that_was_typed_is_kept_nowhere__IDN_16(world: World) -> None:
    ask(world, "hunter2@typed.example")
    assert "hmac(reminder|hunter2@typed.example)" in world.store.failures.kept
