"""Two steps to a session, and no word about which accounts exist."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chassis.kernel.errors import InvalidError, NotFoundError
from services.identity.application.code_desk import Sent
from services.identity.application.confirm_account import ConfirmAccount, confirm_account
from services.identity.application.send_sign_in_code import SendSignInCode, send_sign_in_code
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.application.sign_in_steps import SecondStep, SignedIn
from services.identity.application.verify_sign_in_code import VerifySignInCode, verify_sign_in_code
from services.identity.domain.accounts import State
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.errors import (
    AccountDisabledError,
    CodeSentLatelyError,
    CodeWrongError,
    SignInFailedError,
    TooManyAttemptsError,
)
from services.identity.domain.events import SignInFailed, SignInSucceeded
from tests.unit.identity.world import PASSWORD, World


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    return world


def begin(world: World, password: str = PASSWORD, user_id: str = "mmartin5") -> SecondStep:
    step = world.run(sign_in, SignIn(user_id, password, "medical"))
    assert isinstance(step, SecondStep)
    return step


def send(world: World, step: SecondStep) -> Sent:
    return world.run(send_sign_in_code, SendSignInCode(step.challenge, step.challenge_secret, step.methods[0].id))


def verify(world: World, step: SecondStep, code: str, **changed: str | None) -> SignedIn:
    command = VerifySignInCode(step.challenge, step.challenge_secret, step.methods[0].id, code)
    signed_in = world.run(verify_sign_in_code, replace(command, **changed))  # type: ignore[arg-type]
    assert isinstance(signed_in, SignedIn)
    return signed_in


def test_password_then_code_then_session__IDN_1(world: World) -> None:
    step = begin(world, user_id=" MMartin5 ")
    assert [(method.kind, method.hint) for method in step.methods] == [("email", "m•••@clinic.example")]
    assert world.mailed == []  # the first code goes out when it is asked for
    assert send(world, step).resend_after == 60
    assert world.mailed[-1][0] == "mary@clinic.example"
    signed = verify(world, step, world.code)
    assert signed.expires_in == 300
    event = world.happened(SignInSucceeded)[-1]
    assert (event.session.user_id, event.session.site, event.client_id) == ("mmartin5", "medical", "wardenry-api")


def test_a_verified_number_is_a_way_but_for_who_was_reactivated__IDN_2_IDN_13(world: World) -> None:
    account, now = world.store.accounts.kept["mmartin5"], world.clock.now()
    number = Contact("m1", ContactKind.MOBILE, "+12125550187", now, now)
    world.store.accounts.save(account.with_contact(number))
    assert [method.kind for method in begin(world).methods] == ["email", "sms"]
    world.clock.advance(seconds=1)
    world.store.accounts.save(world.store.accounts.kept["mmartin5"].reactivated(world.clock.now()))
    step = begin(world)
    assert [method.kind for method in step.methods] == ["email"]
    with pytest.raises(InvalidError):
        world.run(send_sign_in_code, SendSignInCode(step.challenge, step.challenge_secret, "m1"))


def test_unknown_accounts_get_the_same_refusal_after_the_same_work__IDN_1(world: World) -> None:
    refusals = []
    for user_id in ("mmartin5", "nobody99", "\x00\ud800", "", "x" * 900):
        before = len(world.hasher.verified)
        with pytest.raises(SignInFailedError) as refused:
            begin(world, "wrong-harbor-lantern-7", user_id)
        refusals.append((refused.value.detail, refused.value.members, refused.value.retry_after))
        assert len(world.hasher.verified) == before + 1
    assert len({str(refusal) for refusal in refusals}) == 1


def test_an_unknown_user_id_is_kept_nowhere__IDN_16(world: World) -> None:
    with pytest.raises(SignInFailedError):
        begin(world, "x", "hunter2-typed-here")
    assert world.happened(SignInFailed) == []
    assert list(world.store.failures.kept) == ["hmac(throttle|hunter2-typed-here)"]


def test_a_disabled_account_hears_so_after_the_right_password_alone__IDN_13(world: World) -> None:
    world.change("mmartin5", state=State.DISABLED)
    with pytest.raises(SignInFailedError):
        begin(world, "wrong-harbor-lantern-7")
    with pytest.raises(AccountDisabledError):
        begin(world)


def test_a_removed_account_is_as_unknown__IDN_1(world: World) -> None:
    world.change("mmartin5", state=State.REMOVED)
    with pytest.raises(SignInFailedError):
        begin(world)
    assert world.happened(SignInFailed) == []


@pytest.mark.parametrize("secret", [None, "", "token-99", "sha256(token-1)"])
def test_without_its_secret_a_challenge_does_not_exist__IDN_1(world: World, secret: str | None) -> None:
    step = begin(world)
    with pytest.raises(NotFoundError):
        send(world, replace(step, challenge_secret=secret or ""))
    send(world, step)
    with pytest.raises(NotFoundError):
        verify(world, step, world.code, secret=secret)
    verify(world, step, world.code)


def test_another_clients_secret_does_not_open_a_challenge__IDN_1(world: World) -> None:
    mine, theirs = begin(world), begin(world)
    with pytest.raises(NotFoundError):
        send(world, replace(mine, challenge_secret=theirs.challenge_secret))


def test_a_challenge_is_over_after_ten_minutes__IDN_1(world: World) -> None:
    step = begin(world)
    send(world, step)
    world.clock.advance(minutes=10)
    with pytest.raises(NotFoundError):
        verify(world, step, world.code)


def test_a_challenge_succeeds_once__IDN_1(world: World) -> None:
    step = begin(world)
    send(world, step)
    verify(world, step, world.code)
    with pytest.raises(NotFoundError):
        verify(world, step, world.code)
    with pytest.raises(NotFoundError):
        send(world, step)


def test_a_code_of_one_flow_does_not_open_another__IDN_2(world: World) -> None:
    mine, theirs = begin(world), begin(world)
    send(world, theirs)
    with pytest.raises(CodeWrongError):
        verify(world, mine, world.code)
    verify(world, theirs, world.code)


def test_a_code_of_sign_in_confirms_no_registration__IDN_2(world: World) -> None:
    step = begin(world)
    send(world, step)
    world.change("mmartin5", state=State.UNCONFIRMED)
    with pytest.raises(CodeWrongError):
        world.run(confirm_account, ConfirmAccount("mmartin5", world.code))


def test_wrong_tries_count_per_account_over_all_its_flows__IDN_2(world: World) -> None:
    first, second = begin(world), begin(world)
    send(world, first)
    for step in (first, second, first, second, first):
        with pytest.raises(CodeWrongError):
            verify(world, step, world.wrong_code())
    for step in (first, second):
        with pytest.raises(TooManyAttemptsError):
            verify(world, step, world.code)
    assert [event.reason for event in world.happened(SignInFailed)] == ["code"] * 5


def test_a_redeemed_code_does_not_count_against_the_next__IDN_2(world: World) -> None:
    for _ in range(8):
        step = begin(world)
        send(world, step)
        verify(world, step, world.code)


def test_codes_not_redeemed_count_over_all_flows__IDN_2(world: World) -> None:
    send(world, begin(world))
    with pytest.raises(CodeSentLatelyError):
        send(world, begin(world))


@pytest.mark.parametrize("method", ["", "nobodys", "mmartin5"])
def test_a_code_goes_to_what_was_offered_and_nowhere_else__IDN_2(world: World, method: str) -> None:
    step = begin(world)
    with pytest.raises(InvalidError) as refused:
        world.run(send_sign_in_code, SendSignInCode(step.challenge, step.challenge_secret, method))
    assert refused.value.faults[0].pointer == "/method"


def test_an_unverified_contact_is_not_offered__IDN_2(world: World) -> None:
    mobile = world.store.accounts.kept["mmartin5"].mobile
    assert mobile is not None
    step = begin(world)
    assert mobile.id not in {method.id for method in step.methods}


def test_a_code_that_nobody_asked_for_is_wrong__IDN_2(world: World) -> None:
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), "")


def test_disabled_between_the_steps_means_no_session__IDN_13(world: World) -> None:
    step = begin(world)
    send(world, step)
    world.change("mmartin5", state=State.DISABLED)
    with pytest.raises(AccountDisabledError):
        verify(world, step, world.code)
    assert world.store.sessions.kept == {}


def test_a_cheap_hash_is_made_anew_at_the_next_sign_in__IDN_16(world: World) -> None:
    world.hasher.cost = 2
    begin(world)
    assert world.store.accounts.kept["mmartin5"].password_hash == f"2:{PASSWORD}"
    begin(world)
