"""Guessing gets slow, then stops."""

from __future__ import annotations

import pytest

from services.identity.application.send_confirmation import SendConfirmation, send_confirmation
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.application.sign_in_steps import SecondStep
from services.identity.domain.errors import SignInFailedError, TooManyAttemptsError
from services.identity.domain.events import AccountLocked, SignInFailed
from tests.unit.identity.world import PASSWORD, FakeWork, World


@pytest.fixture
def world() -> World:
    world = World()
    world.active()
    return world


def attempt(world: World, password: str = "wrong-harbor-lantern-7", user_id: str = "mmartin5") -> int | None:
    """Seconds to wait where it was not looked at, None where the password was wrong."""
    try:
        world.run(sign_in, SignIn(user_id, password, "medical"))
    except SignInFailedError:
        return None
    except TooManyAttemptsError as error:
        return error.retry_after or -1
    return 0


@pytest.mark.parametrize("user_id", ["mmartin5", "nobody99"])
def test_four_attempts_are_free_then_each_waits_twice_as_long__IDN_9(world: World, user_id: str) -> None:
    assert [attempt(world, user_id=user_id) for _ in range(4)] == [None] * 4
    for pause in (1, 2, 4, 8, 16):
        world.clock.advance(seconds=pause)
        assert attempt(world, user_id=user_id) is None


@pytest.mark.parametrize("user_id", ["mmartin5", "nobody99"])
def test_too_soon_is_not_looked_at_and_counts__IDN_9(world: World, user_id: str) -> None:
    waits = [attempt(world, user_id=user_id) for _ in range(12)]
    assert waits == [None, None, None, None, 2, 4, 8, 16, 32, 900, 900, 900]
    assert len(world.hasher.verified) == 4


def test_the_right_password_too_soon_is_refused_like_a_wrong_one__IDN_9(world: World) -> None:
    for _ in range(4):
        attempt(world)
    assert attempt(world, PASSWORD) == 2
    world.clock.advance(seconds=2)
    assert attempt(world, PASSWORD) == 0


def test_ten_failures_lock_for_fifteen_minutes_whatever_is_tried__IDN_9(world: World) -> None:
    for _ in range(10):
        attempt(world)
    looked_at = len(world.hasher.verified)
    world.clock.advance(minutes=14, seconds=59)
    assert attempt(world, PASSWORD) == 1
    assert len(world.hasher.verified) == looked_at
    world.clock.advance(seconds=1)
    assert attempt(world, PASSWORD) == 0


def test_attempts_during_the_lock_do_not_prolong_it__IDN_9(world: World) -> None:
    for _ in range(10):
        attempt(world)
    for _ in range(14):
        world.clock.advance(minutes=1)
        attempt(world)
    world.clock.advance(minutes=1)
    assert attempt(world, PASSWORD) == 0


def test_the_lock_is_told_once_and_of_known_accounts_alone__IDN_9(world: World) -> None:
    for user_id in ("mmartin5", "nobody99"):
        for _ in range(20):
            attempt(world, user_id=user_id)
    locked = world.happened(AccountLocked)
    assert [(event.user_id, event.failures) for event in locked] == [("mmartin5", 10)]
    assert (locked[0].until - world.clock.now()).total_seconds() == 900
    assert [event.failures for event in world.happened(SignInFailed)] == list(range(1, 11))


def test_after_a_lock_counting_begins_anew__IDN_9(world: World) -> None:
    for _ in range(10):
        attempt(world)
    world.clock.advance(minutes=15)
    assert [attempt(world) for _ in range(5)] == [None, None, None, None, 2]


def test_a_success_forgets_the_failures__IDN_9(world: World) -> None:
    for _ in range(3):
        for _ in range(3):
            attempt(world)
        assert attempt(world, PASSWORD) == 0


def test_failures_are_forgotten_after_a_day__IDN_9(world: World) -> None:
    for _ in range(4):
        attempt(world)
    world.clock.advance(hours=24)
    assert [attempt(world) for _ in range(4)] == [None] * 4


def test_every_spelling_of_a_user_id_counts_together__IDN_9(world: World) -> None:
    for user_id in ("mmartin5", "MMARTIN5", " mmartin5", "\uff4d\uff4d\uff41\uff52\uff54\uff49\uff4e\uff15"):
        attempt(world, user_id=user_id)
    assert attempt(world) == 2


def test_no_other_path_to_a_password_walks_around_the_lock__IDN_9() -> None:
    world = World()
    world.register()
    for _ in range(10):
        attempt(world)
    with pytest.raises(TooManyAttemptsError):
        world.run(send_confirmation, SendConfirmation("mmartin5", PASSWORD, None, "medical"))


def test_attempts_side_by_side_are_settled_in_turn__IDN_9(world: World) -> None:
    """The right password, looked at while ten wrong ones were counted, opens nothing."""

    class Overtaken(FakeWork):
        def writing(self):  # type: ignore[no-untyped-def] # noqa: ANN202
            if not self.writes:
                world.hasher.work = None
                for _ in range(10):
                    attempt(world)
            return super().writing()

    with pytest.raises(TooManyAttemptsError):
        sign_in(SignIn("mmartin5", PASSWORD, "medical"), Overtaken(world.store), world.ports)
    assert world.store.challenges.kept == {}


def test_a_password_changed_while_it_was_looked_at_is_wrong__IDN_1(world: World) -> None:
    class Overtaken(FakeWork):
        def writing(self):  # type: ignore[no-untyped-def] # noqa: ANN202
            world.change("mmartin5", password_hash="1:new-harbor-lantern-9")
            return super().writing()

    with pytest.raises(SignInFailedError):
        sign_in(SignIn("mmartin5", PASSWORD, "medical"), Overtaken(world.store), world.ports)


def test_refusals_keep_what_was_counted__IDN_9(world: World) -> None:
    assert SignInFailedError().keeps_work
    assert TooManyAttemptsError(1).keeps_work
    step = world.run(sign_in, SignIn("mmartin5", PASSWORD, "medical"))
    assert isinstance(step, SecondStep)
