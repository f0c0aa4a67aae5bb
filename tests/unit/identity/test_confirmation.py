"""The code after registration, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.kernel.errors import InvalidError
from services.identity.application.confirm_account import ConfirmAccount, confirm_account
from services.identity.application.send_confirmation import SendConfirmation, send_confirmation
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.application.sign_in_steps import ConfirmRequired
from services.identity.domain.accounts import State
from services.identity.domain.codes import Purpose
from services.identity.domain.errors import (
    AccountDisabledError,
    AlreadyConfirmedError,
    CodeExpiredError,
    CodeSentLatelyError,
    CodeWrongError,
    SignInFailedError,
    TooManyAttemptsError,
)
from services.identity.domain.events import (
    AccountConfirmed,
    AccountCreated,
    AccountProfileChanged,
    CodeRequested,
    ContactVerified,
)
from tests.unit.identity.world import PASSWORD, World


@pytest.fixture
def world() -> World:
    world = World()
    world.register()
    return world


def confirm(world: World, code: str, user_id: str = "mmartin5") -> None:
    world.run(confirm_account, ConfirmAccount(user_id, code))


def send(world: World, password: str = PASSWORD, email: str | None = None, user_id: str = "mmartin5") -> int:
    return world.run(send_confirmation, SendConfirmation(user_id, password, email, "medical")).resend_after


def test_submitting_makes_an_unconfirmed_account_and_sends_a_code__REG_9(world: World) -> None:
    account = world.store.accounts.kept["mmartin5"]
    assert account.state is State.UNCONFIRMED
    assert account.email.verified_at is None
    assert [to for to, _ in world.mailed] == ["mary@clinic.example"]
    assert [event.purpose for event in world.happened(CodeRequested)] == [Purpose.CONFIRM_EMAIL]
    assert len(world.happened(AccountCreated)) == 1


def test_the_code_makes_it_active_and_its_address_verified__REG_9(world: World) -> None:
    confirm(world, world.code, user_id="MMartin5")
    account = world.store.accounts.kept["mmartin5"]
    assert account.state is State.ACTIVE
    assert account.email.verified_at == world.clock.now()
    assert account.mobile is not None
    assert account.mobile.verified_at is None
    assert [event.account for event in world.happened(AccountConfirmed)] == [account]
    assert [event.value for event in world.happened(ContactVerified)] == ["mary@clinic.example"]


def test_who_confirms_is_the_actor_from_then_on__AUD_1(world: World) -> None:
    confirm(world, world.code)
    assert world.acted_as == "user:mmartin5"


def test_sign_in_with_the_right_password_says_that_the_code_is_awaited__REG_9(world: World) -> None:
    assert isinstance(world.run(sign_in, SignIn("mmartin5", PASSWORD, "medical")), ConfirmRequired)


def test_a_code_works_once__IDN_2(world: World) -> None:
    confirm(world, world.code)
    with pytest.raises(CodeWrongError):
        confirm(world, world.code)


def test_a_code_is_over_after_ten_minutes__IDN_2(world: World) -> None:
    world.clock.advance(minutes=10)
    with pytest.raises(CodeExpiredError):
        confirm(world, world.code)
    with pytest.raises(CodeWrongError):
        confirm(world, world.wrong_code())


def test_after_five_wrong_tries_the_right_one_is_refused_too__IDN_2(world: World) -> None:
    for _ in range(5):
        with pytest.raises(CodeWrongError):
            confirm(world, world.wrong_code())
    with pytest.raises(TooManyAttemptsError) as refused:
        confirm(world, world.code)
    assert refused.value.retry_after == 600
    assert refused.value.keeps_work


def test_a_new_code_gives_new_tries_and_voids_the_old__IDN_2(world: World) -> None:
    old = world.code
    for _ in range(5):
        with pytest.raises(CodeWrongError):
            confirm(world, world.wrong_code())
    world.clock.advance(minutes=1)
    assert send(world) == 60
    with pytest.raises(CodeWrongError):
        confirm(world, old)
    confirm(world, world.code)


def test_one_code_a_minute_and_five_an_hour__IDN_2(world: World) -> None:
    with pytest.raises(CodeSentLatelyError) as refused:
        send(world)
    assert refused.value.retry_after == 60
    for _ in range(4):
        world.clock.advance(minutes=1)
        send(world)
    world.clock.advance(minutes=1)
    with pytest.raises(CodeSentLatelyError) as refused:
        send(world)
    assert refused.value.retry_after == 55 * 60
    world.clock.advance(minutes=55)
    send(world)


def test_a_mistyped_address_is_corrected_with_the_password__REG_9(world: World) -> None:
    mistyped = world.code
    world.clock.advance(minutes=1)
    send(world, email=" Mary@Practice.example ")
    assert world.mailed[-1][0] == "Mary@practice.example"
    assert world.happened(AccountProfileChanged)[-1].account.person.email == "Mary@practice.example"
    with pytest.raises(CodeWrongError):
        confirm(world, mistyped)
    confirm(world, world.code)
    assert world.happened(AccountConfirmed)[-1].account.email.value == "Mary@practice.example"


def test_an_address_is_not_changed_where_no_code_may_be_sent__IDN_2(world: World) -> None:
    with pytest.raises(CodeSentLatelyError):
        send(world, email="other@practice.example")
    assert world.store.accounts.kept["mmartin5"].email.value == "mary@clinic.example"
    assert world.happened(AccountProfileChanged) == []


def test_without_the_password_nothing_is_sent_or_changed__REG_9(world: World) -> None:
    world.clock.advance(minutes=1)
    with pytest.raises(SignInFailedError):
        send(world, password="wrong-harbor-lantern-7", email="thief@bad.example")
    assert len(world.mailed) == 1


def test_what_is_no_address_is_refused_before_the_password_is_looked_at__REG_5(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        send(world, email="mary@@clinic")
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/email", "email_invalid")]
    assert world.hasher.verified == []


def test_after_seven_days_it_is_as_if_it_had_never_been__REG_9(world: World) -> None:
    world.clock.advance(days=7, minutes=-5)
    send(world)
    late = world.code
    world.clock.advance(minutes=5)
    with pytest.raises(CodeWrongError):
        confirm(world, late)
    with pytest.raises(SignInFailedError):
        world.run(sign_in, SignIn("mmartin5", PASSWORD, "medical"))
    with pytest.raises(SignInFailedError):
        send(world)


def test_seven_days_are_given__REG_9(world: World) -> None:
    account = world.store.accounts.kept["mmartin5"]
    assert account.confirm_before == account.created_at + timedelta(days=7)


def test_who_has_confirmed_or_is_disabled_hears_so_with_the_right_password_alone__IDN_1(world: World) -> None:
    confirm(world, world.code)
    with pytest.raises(AlreadyConfirmedError):
        send(world)
    with pytest.raises(SignInFailedError):
        send(world, password="wrong-harbor-lantern-7")
    world.change("mmartin5", state=State.DISABLED)
    world.clock.advance(minutes=1)
    with pytest.raises(AccountDisabledError):
        send(world)


def test_an_unknown_account_is_refused_like_a_wrong_code_each_time__IDN_1(world: World) -> None:
    for user_id in ("mmartin5", "nobody99", "' or 1=1 --", "x" * 900):
        refusals = []
        for _ in range(7):
            with pytest.raises((CodeWrongError, TooManyAttemptsError)) as refused:
                confirm(world, "000000", user_id=user_id)
            refusals.append((refused.value.code, refused.value.detail, refused.value.retry_after))
        assert [code for code, _, _ in refusals] == ["code_wrong"] * 5 + ["too_many_attempts"] * 2
        assert refusals[-1][2] == 600


def test_codes_are_read_with_blanks_and_other_digits__IDN_2(world: World) -> None:
    typed = "\u2009".join(chr(ord("\uff10") + int(digit)) for digit in world.code)
    confirm(world, f" {typed[:6]}-{typed[6:]} ")
