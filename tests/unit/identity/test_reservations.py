"""Reservations: invisible, repeatable, and gone by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.identity.application.check_availability import CheckAvailability, check_availability
from services.identity.application.check_reservation import CheckReservation, check_reservation
from services.identity.application.create_account import CreateAccount, create_account
from services.identity.application.purge_expired import Purged, purge_expired
from services.identity.application.reserve_account import reserve_account
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.domain.drafts import Draft
from services.identity.domain.errors import (
    RegistrationTakenError,
    ReservationGoneError,
    SignInFailedError,
    UserIdTakenError,
)
from tests.unit.identity.world import PASSWORD, REGISTRATION, FakeWork, World

OTHER = "0198a000-0000-7000-8000-000000000002"


@pytest.fixture
def world() -> World:
    return World()


def test_a_reservation_is_no_account_and_says_nothing_to_anybody__REG_9(world: World) -> None:
    world.reserve()
    with pytest.raises(SignInFailedError):
        world.run(sign_in, SignIn("mmartin5", PASSWORD, "medical"))
    assert world.events == []
    assert world.mailed == []


def test_what_is_reserved_is_taken_for_others_and_free_for_its_registration__REG_6(world: World) -> None:
    world.reserve()
    assert not world.run(check_availability, CheckAvailability("mmartin5")).available
    assert world.run(check_reservation, CheckReservation(Draft(user_id="mmartin5"), REGISTRATION)).faults == []
    with pytest.raises(UserIdTakenError) as refused:
        world.reserve(registration=OTHER)
    assert len(refused.value.members["suggestions"]) == 3


def test_the_same_registration_again_gets_the_same_and_replaces_what_it_left__REG_9(world: World) -> None:
    world.reserve()
    world.run(reserve_account, replace(world.reservation(), password="another-harbor-lantern-8"))
    assert world.store.reservations.kept[REGISTRATION].password_hash == "1:another-harbor-lantern-8"
    assert len(world.store.reservations.kept) == 1


def test_choosing_another_user_id_gives_the_first_one_back__REG_6(world: World) -> None:
    world.reserve("mmartin5")
    world.reserve("mmartin6")
    assert world.run(check_availability, CheckAvailability("mmartin5")).available
    assert [each.user_id for each in world.store.reservations.kept.values()] == ["mmartin6"]


def test_after_a_day_another_registration_may_take_it__REG_9(world: World) -> None:
    world.reserve()
    world.clock.advance(hours=24)
    world.reserve(registration=OTHER)
    with pytest.raises(ReservationGoneError):
        world.run(create_account, CreateAccount(REGISTRATION, "mmartin5"))
    world.run(create_account, CreateAccount(OTHER, "mmartin5"))
    assert world.store.accounts.kept["mmartin5"].registration_id == OTHER


def test_a_lapsed_one_that_nobody_took_still_becomes_its_account__REG_9(world: World) -> None:
    world.reserve()
    world.clock.advance(days=2)
    world.run(create_account, CreateAccount(REGISTRATION, "mmartin5"))
    assert "mmartin5" in world.store.accounts.kept


def test_nothing_of_what_was_never_submitted_is_kept__REG_9(world: World) -> None:
    world.reserve()
    world.clock.advance(days=7, seconds=1)
    assert purge_expired(FakeWork(world.store), world.ports) == Purged(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert world.store.reservations.kept == {}
    assert world.store.user_ids.claims == {}


def test_a_user_id_that_an_account_had_is_never_free_again__REG_6(world: World) -> None:
    world.register()
    world.clock.advance(days=8)  # not confirmed in time
    purge_expired(FakeWork(world.store), world.ports)
    world.store.accounts.kept.clear()
    assert not world.run(check_availability, CheckAvailability("mmartin5")).available
    with pytest.raises(UserIdTakenError):
        world.reserve(registration=OTHER)


def test_submitting_twice_makes_one_account_and_one_code__REG_9(world: World) -> None:
    world.register()
    world.run(create_account, CreateAccount(REGISTRATION, "mmartin5"))
    assert len(world.mailed) == 1


def test_repeating_the_reservation_of_what_is_an_account_changes_nothing__REG_9(world: World) -> None:
    world.register()
    before = world.store.accounts.kept["mmartin5"]
    world.reserve()
    assert world.store.accounts.kept["mmartin5"] == before
    assert world.store.reservations.kept == {}
    with pytest.raises(RegistrationTakenError):
        world.reserve("mmartin6")


def test_reserved_until_a_day_from_now__REG_9(world: World) -> None:
    reserved = world.run(reserve_account, world.reservation())
    assert reserved.lapses_at == world.clock.now() + timedelta(hours=24)
    assert (reserved.reservation_id, reserved.user_id) == (REGISTRATION, "mmartin5")


def test_a_submission_without_a_reservation_is_refused_loudly__REG_9(world: World) -> None:
    with pytest.raises(ReservationGoneError):
        world.run(create_account, CreateAccount(REGISTRATION, "mmartin5"))
