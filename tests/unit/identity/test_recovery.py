"""From a forgotten password to a new one: by code, date of birth and answer together, and by nothing less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.kernel.errors import InvalidError, NotFoundError
from services.identity.application.note_opt_out import NoteOptOut, note_opt_out
from services.identity.application.send_sign_in_code import SendSignInCode, send_sign_in_code
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.application.sign_in_steps import SecondStep
from services.identity.application.verify_sign_in_code import VerifySignInCode, verify_sign_in_code
from services.identity.domain.accounts import State
from services.identity.domain.codes import Channel, Purpose
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.errors import (
    CodeExpiredError,
    CodeSentLatelyError,
    OutOfOrderError,
    ProofsWrongError,
    SignInFailedError,
    TooManyAttemptsError,
)
from services.identity.domain.events import CodeRequested, PasswordRecovered, SessionEnded, SignInFailed
from services.identity.domain.security_questions import Answer
from services.identity.domain.sessions import EndReason
from tests.unit.identity.recovering import NEW, Recovering
from tests.unit.identity.world import PASSWORD, World

WRONG = {
    "date_of_birth": date(1980, 2, 28),
    "answer": Answer("birth_city", "Lima"),
    "question": Answer("first_pet", "sao paulo"),
    "question_not_theirs": Answer("first_school", "sao paulo"),
    "nothing": Answer("", ""),
}


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.registered()
    world.clock.advance(minutes=5)
    return world


def begin_sign_in(world: World, password: str = PASSWORD) -> SecondStep:
    step = world.run(sign_in, SignIn("mmartin5", password, "medical"))
    assert isinstance(step, SecondStep)
    return step


def sign_in_code(world: World, step: SecondStep) -> str:
    world.run(send_sign_in_code, SendSignInCode(step.challenge, step.challenge_secret, step.methods[0].id))
    return world.code


def finish_sign_in(world: World, step: SecondStep, code: str) -> None:
    command = VerifySignInCode(step.challenge, step.challenge_secret, step.methods[0].id, code)
    world.run(verify_sign_in_code, command)


def recovered(world: World) -> Recovering:
    flow = Recovering.of(world)
    flow.send()
    flow.prove()
    flow.set()
    return flow


def test_code_birth_and_answer_lead_to_a_new_password__IDN_7(world: World) -> None:
    flow = Recovering.of(world, " MMartin5 ")
    assert flow.send().resend_after == 60
    assert world.mailed[-1][0] == "mary@clinic.example"
    flow.prove()
    flow.set()
    assert world.acted_as == "user:mmartin5"
    begin_sign_in(world, NEW)
    with pytest.raises(SignInFailedError):
        begin_sign_in(world, PASSWORD)
    assert [event.user_id for event in world.happened(PasswordRecovered)] == ["mmartin5"]
    assert world.store.accounts.kept["mmartin5"].password_hash == f"1:{NEW}"


def test_either_answer_will_do__IDN_7_REG_8(world: World) -> None:
    flow = Recovering.of(world)
    flow.send()
    flow.prove(answer=Answer("first_pet", " REX "))
    flow.set()


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_code_alone_never_suffices__IDN_7(world: World, wrong: str) -> None:
    flow = Recovering.of(world)
    flow.send()
    name = "date_of_birth" if wrong == "date_of_birth" else "answer"
    with pytest.raises(ProofsWrongError):
        flow.prove(**{name: WRONG[wrong]})
    with pytest.raises(OutOfOrderError):
        flow.set()
    flow.prove()  # the code still holds: nobody was told that it was right


@pytest.mark.parametrize("code", ["", "000000", "wrong"])
def test_answers_alone_never_suffice__IDN_7(world: World, code: str) -> None:
    flow = Recovering.of(world)
    with pytest.raises(OutOfOrderError):
        flow.prove(code=code)
    flow.send()
    with pytest.raises(ProofsWrongError):
        flow.prove(code=world.wrong_code() if code == "wrong" else code)
    with pytest.raises(OutOfOrderError):
        flow.set()


def test_nobody_learns_which_proof_was_wrong__IDN_7(world: World) -> None:
    flow, refusals = Recovering.of(world), []
    flow.send()
    for wrong in ({"code": world.wrong_code()}, {"date_of_birth": WRONG["date_of_birth"]}, {"answer": WRONG["answer"]}):
        before = len(world.hasher.verified)
        with pytest.raises(ProofsWrongError) as refused:
            flow.prove(**wrong)
        assert len(world.hasher.verified) == before + 1
        refusals.append((refused.value.detail, refused.value.faults))
    assert refusals[0] == refusals[1] == refusals[2]


def test_no_step_before_its_turn_nor_twice__IDN_7(world: World) -> None:
    flow = Recovering.of(world)
    for early in (flow.prove, flow.set):
        with pytest.raises(OutOfOrderError):
            early()
    flow.send()
    with pytest.raises(OutOfOrderError):
        flow.set()
    flow.prove()
    for again in (flow.prove, flow.send):
        with pytest.raises(OutOfOrderError):
            again()
    flow.set()
    for over in (flow.send, flow.prove, flow.set):
        with pytest.raises(NotFoundError):
            over()


@pytest.mark.parametrize("secret", ["", "token-99", "sha256(token-1)"])
def test_another_client_finds_no_recovery__IDN_7(world: World, secret: str) -> None:
    mine = Recovering.of(world)
    for stranger in (mine.with_secret(secret), mine.with_secret(Recovering.of(world).begun.challenge_secret)):
        with pytest.raises(NotFoundError):
            stranger.send()
    mine.send()
    with pytest.raises(NotFoundError):
        mine.with_secret(secret).prove()
    mine.prove()
    with pytest.raises(NotFoundError):
        mine.with_secret(secret).set()
    mine.set()


def test_a_code_of_another_recovery_is_wrong__IDN_2(world: World) -> None:
    first, second = Recovering.of(world), Recovering.of(world)
    first.send()
    first_code = world.code
    world.clock.advance(minutes=1)
    second.send()
    with pytest.raises(ProofsWrongError):
        first.prove()
    with pytest.raises(ProofsWrongError):
        second.prove(code=first_code)
    second.prove()


def test_a_code_of_sign_in_recovers_nothing__IDN_2(world: World) -> None:
    flow = Recovering.of(world)
    flow.send()
    code = sign_in_code(world, begin_sign_in(world))
    with pytest.raises(ProofsWrongError):
        flow.prove(code=code)


def test_a_code_of_recovery_signs_nobody_in__IDN_2(world: World) -> None:
    step, flow = begin_sign_in(world), Recovering.of(world)
    flow.send()
    with pytest.raises(Exception, match="not the code"):
        finish_sign_in(world, step, world.code)


def test_an_expired_code_is_too_late_even_with_the_rest__IDN_2(world: World) -> None:
    flow = Recovering.of(world)
    flow.send()
    world.clock.advance(minutes=10)
    with pytest.raises(CodeExpiredError):
        flow.prove()
    with pytest.raises(ProofsWrongError):
        flow.prove(answer=WRONG["answer"])  # the code's age is told to nobody who has not everything else
    flow.send()
    flow.prove()


@pytest.mark.parametrize("step", ["send", "prove", "set"])
def test_a_recovery_is_over_after_half_an_hour__IDN_7(world: World, step: str) -> None:
    flow = Recovering.of(world)
    if step != "send":
        flow.send()
    if step == "set":
        flow.prove()
    world.clock.advance(minutes=30)
    with pytest.raises(NotFoundError):
        getattr(flow, step)()


def test_five_wrong_tries_end_the_recovery__IDN_2_IDN_7(world: World) -> None:
    flow = Recovering.of(world)
    flow.send()
    for _ in range(5):
        with pytest.raises(ProofsWrongError):
            flow.prove(answer=WRONG["answer"])
        world.clock.advance(seconds=3)
    for over in (flow.send, flow.prove, flow.set):
        with pytest.raises(NotFoundError):
            over()
    assert [event.reason for event in world.happened(SignInFailed)] == ["recovery"] * 5


def test_wrong_tries_count_per_account_over_all_flows__IDN_2(world: World) -> None:
    """Somebody who begins anew has no new tries: the code's are used up, and nothing opens it any more."""
    first = Recovering.of(world)
    first.send()
    for _ in range(4):
        with pytest.raises(ProofsWrongError):
            first.prove(code=world.wrong_code())
    world.clock.advance(seconds=2)
    second = Recovering.of(world)
    with pytest.raises(CodeSentLatelyError):
        second.send()
    with pytest.raises(ProofsWrongError):
        first.prove(code=world.wrong_code())
    with pytest.raises(NotFoundError):
        first.prove()


def test_guessing_gets_slow_then_stops__IDN_9(world: World) -> None:
    for _ in range(2):
        flow = Recovering.of(world)
        flow.send()
        for _ in range(5):
            with pytest.raises(ProofsWrongError):
                flow.prove(code=world.wrong_code())
            world.clock.advance(seconds=40)
    flow = Recovering.of(world)
    before = len(world.hasher.verified)
    with pytest.raises(TooManyAttemptsError):
        flow.send()
    assert len(world.hasher.verified) == before
    begin_sign_in(world)  # an outsider who guesses here locks nobody out of signing in
    world.clock.advance(minutes=15)
    flow.send()
    flow.prove()


def test_too_soon_is_not_looked_at__IDN_9(world: World) -> None:
    flow = Recovering.of(world)
    flow.send()
    for _ in range(4):
        with pytest.raises(ProofsWrongError):
            flow.prove(code=world.wrong_code())
    before = len(world.hasher.verified)
    with pytest.raises(TooManyAttemptsError) as refused:
        flow.prove()
    assert refused.value.retry_after
    assert len(world.hasher.verified) == before
    world.clock.advance(seconds=refused.value.retry_after)
    flow.prove()


def test_a_lock_of_sign_in_is_not_lifted_by_a_recovery__IDN_9(world: World) -> None:
    for _ in range(10):
        with pytest.raises((SignInFailedError, TooManyAttemptsError)):
            begin_sign_in(world, "wrong-harbor-lantern-7")
        world.clock.advance(seconds=40)
    recovered(world)
    with pytest.raises(TooManyAttemptsError):
        begin_sign_in(world, NEW)
    world.clock.advance(minutes=15)
    begin_sign_in(world, NEW)


def test_codes_are_limited_over_all_recoveries__IDN_2(world: World) -> None:
    for _ in range(5):
        Recovering.of(world).send()
        with pytest.raises(CodeSentLatelyError):
            Recovering.of(world).send()
        world.clock.advance(minutes=1)
    with pytest.raises(CodeSentLatelyError) as refused:
        Recovering.of(world).send()
    assert refused.value.retry_after == 55 * 60
    world.clock.advance(minutes=55)
    Recovering.of(world).send()


def with_number(world: World, *, verified: bool = True) -> None:
    account = world.store.accounts.kept["mmartin5"]
    at = world.clock.now() if verified else None
    number = Contact("m1", ContactKind.MOBILE, "+12125550199", at, world.clock.now())
    others = tuple(each for each in account.contacts if each.kind is ContactKind.EMAIL)
    world.store.accounts.save(replace(account, contacts=(*others, number)))


def test_a_code_by_text_recovers_as_well__IDN_2_IDN_7(world: World) -> None:
    with_number(world)
    flow = Recovering.of(world)
    flow.send("sms")
    assert world.happened(CodeRequested)[-1].channel is Channel.SMS
    flow.prove()
    flow.set()


def test_each_way_of_a_recovery_has_limits_of_its_own__IDN_2(world: World) -> None:
    with_number(world)
    flow = Recovering.of(world)
    flow.send("email")
    flow.send("sms")
    for way in ("email", "sms"):
        with pytest.raises(CodeSentLatelyError):
            Recovering.of(world).send(way)


@pytest.mark.parametrize("why", ["none", "not verified", "opted out"])
def test_a_stranger_cannot_tell_whether_there_is_a_number__IDN_2_IDN_7(world: World, why: str) -> None:
    with_number(world, verified=why != "not verified")
    if why == "none":
        account = world.store.accounts.kept["mmartin5"]
        world.store.accounts.save(account.without_contact("m1"))
    if why == "opted out":
        world.run(note_opt_out, NoteOptOut("+12125550199", "55501", world.clock.now(), opted_out=True))
    known, nobody = Recovering.of(world), Recovering.of(world, "nobody1")
    assert known.begun.methods == nobody.begun.methods
    assert known.send("sms") == nobody.send("sms")
    assert [event for event in world.happened(CodeRequested) if event.purpose is Purpose.RECOVER_PASSWORD] == []
    for flow in (known, nobody):
        with pytest.raises(CodeSentLatelyError):
            flow.send("sms")


def test_a_text_to_nowhere_gives_no_tries_of_the_code_before__IDN_2(world: World) -> None:
    flow = Recovering.of(world)
    flow.send("email")
    flow.send("sms")
    with pytest.raises(ProofsWrongError):
        flow.prove()


def test_a_redeemed_code_no_longer_counts__IDN_2(world: World) -> None:
    for _ in range(7):
        flow = Recovering.of(world)
        flow.send()
        flow.prove()


@pytest.mark.parametrize("password", ["short", "mmartin5-is-here", "password1234", "martin-harbor-99", "x" * 129])
def test_a_weak_password_is_refused_at_its_field__REG_7(world: World, password: str) -> None:
    flow = Recovering.of(world)
    flow.send()
    flow.prove()
    with pytest.raises(InvalidError) as refused:
        flow.set(password)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/new_password", "password_weak")]
    flow.set()


def test_all_sessions_and_refresh_tokens_end__IDN_7_IDN_10(world: World) -> None:
    step = begin_sign_in(world)
    finish_sign_in(world, step, sign_in_code(world, step))
    world.clock.advance(minutes=1)
    recovered(world)
    (ended,) = world.happened(SessionEnded)
    assert (ended.user_id, ended.reason) == ("mmartin5", EndReason.PASSWORD_RECOVERED)
    assert all(token.used_at for token in world.store.refresh_tokens.kept.values())
    assert set(world.store.ended_sessions.until) == {ended.session_id}


def test_a_sign_in_begun_with_the_old_password_leads_nowhere__IDN_7(world: World) -> None:
    step = begin_sign_in(world)
    code = sign_in_code(world, step)
    world.clock.advance(seconds=30)
    recovered(world)
    with pytest.raises(NotFoundError):
        finish_sign_in(world, step, code)
    assert world.store.sessions.kept == {}


def test_a_second_recovery_leaves_no_first_one_alive__IDN_7(world: World) -> None:
    first = Recovering.of(world)
    first.send()
    first.prove()
    world.clock.advance(minutes=2)
    recovered(world)
    with pytest.raises(NotFoundError):
        first.set("other-willow-anchor-3")
    begin_sign_in(world, NEW)


@pytest.mark.parametrize("state", [State.DISABLED, State.REMOVED, State.UNCONFIRMED])
def test_only_a_confirmed_account_in_use_is_recovered__IDN_7_IDN_13(world: World, state: State) -> None:
    world.change("mmartin5", state=state)
    assert_is_nobody(world, "mmartin5")


@pytest.mark.parametrize("user_id", ["nobody99", "\x00\ud800", "", "x" * 900])
def test_an_unknown_user_id_is_asked_for_the_same__IDN_1_IDN_7(world: World, user_id: str) -> None:
    assert_is_nobody(world, user_id)


def assert_is_nobody(world: World, user_id: str) -> None:
    before = len(world.mailed)
    flow = Recovering.of(world, user_id)
    known = Recovering.of(world).begun.methods
    assert flow.begun.methods == known
    assert flow.send().resend_after == 60
    assert {to for to, _ in world.mailed[before:]} == {""}
    with pytest.raises(CodeSentLatelyError):
        flow.send()
    world.randomness.next_code += 1
    for _ in range(5):
        hashed = len(world.hasher.verified)
        with pytest.raises(ProofsWrongError):
            flow.prove()
        assert len(world.hasher.verified) == hashed + 1
        world.clock.advance(seconds=3)
    with pytest.raises(NotFoundError):
        flow.prove()
    assert world.happened(SignInFailed) == []


def test_disabled_between_the_steps_means_no_new_password__IDN_13(world: World) -> None:
    flow = Recovering.of(world)
    flow.send()
    flow.prove()
    before = world.store.accounts.kept["mmartin5"].password_hash
    world.change("mmartin5", state=State.DISABLED)
    with pytest.raises(NotFoundError):
        flow.set()
    assert world.store.accounts.kept["mmartin5"].password_hash == before


def test_an_account_without_a_date_of_birth_cannot_be_recovered__IDN_7(world: World) -> None:
    world.change("mmartin5", date_of_birth=None)
    assert_is_nobody(world, "mmartin5")


def test_what_was_typed_is_kept_nowhere__IDN_16(world: World) -> None:
    Recovering.of(world, "hunter2-typed-here")
    (kept,) = world.store.recoveries.kept.values()
    assert kept == replace(kept, user_id=None, key="hmac(recovery|hunter2-typed-here)")


@pytest.mark.parametrize("method", ["", "pigeon", "mmartin5"])
def test_a_code_goes_to_what_was_offered_and_nowhere_else__IDN_2(world: World, method: str) -> None:
    with pytest.raises(InvalidError) as refused:
        Recovering.of(world).send(method)
    assert refused.value.faults[0].pointer == "/method"


def test_a_stranger_is_shown_nothing_of_the_address__IDN_1_IDN_2(world: World) -> None:
    shown: Any = Recovering.of(world).begun.methods
    assert [(method.kind, method.hint) for method in shown] == [("email", "•••"), ("sms", "•••")]
