"""An account that nobody confirms ends with its registration; its user ID stays reserved (REG-9)."""

from __future__ import annotations

import pytest

from chassis.kernel.errors import WardenryError
from services.identity.application.check_availability import CheckAvailability, check_availability
from services.identity.application.confirm_account import ConfirmAccount, confirm_account
from services.identity.application.create_account import CreateAccount, create_account
from services.identity.application.end_lapsed_account import EndLapsedAccount, end_lapsed_account
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.domain.accounts import State
from services.identity.domain.errors import SignInFailedError
from services.identity.domain.events import AccountConfirmed, AccountRemoved
from tests.unit.identity.world import PASSWORD, REGISTRATION, World

LAPSED = EndLapsedAccount(REGISTRATION)


@pytest.fixture
def world() -> World:
    world = World()
    world.register()
    return world


def test_of_an_account_that_lapsed_nothing_personal_is_left__REG_9(world: World) -> None:
    world.run(end_lapsed_account, LAPSED)
    account = world.store.accounts.kept["mmartin5"]
    assert account.state is State.REMOVED
    assert (account.contacts, account.password_hash, account.date_of_birth) == ((), "", None)
    assert (account.profile.first_name, account.profile.last_name, account.profile.phone) == ("", "", None)
    assert world.store.answers.of("mmartin5") in ([], ())
    (removed,) = world.happened(AccountRemoved)
    assert (removed.user_id, removed.registration_id) == ("mmartin5", REGISTRATION)


def test_its_user_id_stays_reserved__REG_9_REG_6(world: World) -> None:
    world.run(end_lapsed_account, LAPSED)
    assert not world.run(check_availability, CheckAvailability("mmartin5")).available
    world.clock.advance(days=4000)
    assert not world.run(check_availability, CheckAvailability("MMartin5")).available


def test_nobody_can_do_anything_with_it_any_more__REG_9(world: World) -> None:
    code = world.code
    world.run(end_lapsed_account, LAPSED)
    with pytest.raises(WardenryError):
        world.run(confirm_account, ConfirmAccount("mmartin5", code))
    with pytest.raises(SignInFailedError):
        world.run(sign_in, SignIn("mmartin5", PASSWORD, "medical"))
    assert not world.happened(AccountConfirmed)


def test_one_that_was_confirmed_at_the_last_moment_lives_on__REG_9(world: World) -> None:
    world.run(confirm_account, ConfirmAccount("mmartin5", world.code))
    world.run(end_lapsed_account, LAPSED)
    assert world.store.accounts.kept["mmartin5"].state is State.ACTIVE
    assert not world.happened(AccountRemoved)


def test_the_same_again_and_what_never_was_change_nothing__OPS_3(world: World) -> None:
    for command in (LAPSED, LAPSED, EndLapsedAccount("0198a000-0000-7000-8000-00000000ffff")):
        world.run(end_lapsed_account, command)
    world.run(create_account, CreateAccount(REGISTRATION, "mmartin5"))
    assert len(world.happened(AccountRemoved)) == 1
    assert world.store.accounts.kept["mmartin5"].state is State.REMOVED
