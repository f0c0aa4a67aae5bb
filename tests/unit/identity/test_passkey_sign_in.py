"""A passkey as the only step: for whom it stands, and when it must not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import NotFoundError
from services.identity.application.change_authenticators import RemoveAuthenticator, remove_authenticator
from services.identity.application.purge_expired import purge_expired
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.application.sign_in_steps import PasswordChangeRequired
from services.identity.application.sign_in_with_passkey import SignInWithPasskey, sign_in_with_passkey
from services.identity.domain.accounts import State
from services.identity.domain.errors import (
    AccountDisabledError,
    CodeWrongError,
    SignInFailedError,
    TooManyAttemptsError,
)
from services.identity.domain.events import AuthenticatorSuspended, SignInFailed, SignInSucceeded
from services.identity.domain.sessions import Session
from tests.unit.identity.security_key import PRESENT, SecurityKey, text_of
from tests.unit.identity.stepping import (
    answer,
    asked,
    begin,
    begin_up,
    by_passkey_alone,
    method_of,
    send_up,
    signed_in,
    verify,
    verify_by_passkey,
    verify_up,
    verify_up_by_passkey,
    with_app,
    with_passkey,
)
from tests.unit.identity.test_passkeys import WRONG
from tests.unit.identity.world import ORIGINS, FakeWork, World


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    return world


@pytest.fixture
def session(world: World) -> Session:
    return signed_in(world)


@pytest.fixture
def key(world: World, session: Session) -> SecurityKey:
    return with_passkey(world, session)


def test_it_signs_in_without_a_user_id_and_stronger_than_any__IDN_3(world: World, key: SecurityKey) -> None:
    flow = asked(world)
    assert flow.passkey_options["userVerification"] == "required"
    assert not flow.passkey_options.get("allowCredentials")  # the same for everybody: it names nobody's keys
    began = answer(world, flow, key.sign(flow.passkey_options))
    assert (began.user_id, began.site) == ("mmartin5", "medical")
    assert (began.strength.acr, began.strength.amr) == ("urn:wardenry:acr:passkey", ("pop", "user", "mfa"))
    assert world.happened(SignInSucceeded)[-1].session == began
    assert world.acted_as == "user:mmartin5"


@pytest.mark.parametrize("wrong", [*WRONG, {"type": "webauthn.create"}, {"handle": ""}, {"handle": None}], ids=str)
def test_a_signature_that_was_not_asked_for_here_is_refused__IDN_3(
    world: World, key: SecurityKey, wrong: dict[str, Any]
) -> None:
    with pytest.raises(SignInFailedError):
        by_passkey_alone(world, key, **wrong)
    assert [(event.user_id, event.reason) for event in world.happened(SignInFailed)] == [("mmartin5", "passkey")]


def test_an_unknown_a_removed_and_a_wrong_one_are_refused_alike__IDN_1(
    world: World, session: Session, key: SecurityKey
) -> None:
    words = set()
    (own,) = world.store.passkeys.kept
    for step in range(3):
        with pytest.raises(SignInFailedError) as refused:
            by_passkey_alone(
                world, SecurityKey(ORIGINS[0]) if step == 0 else key, **({"party": "x"} if step == 1 else {})
            )
        words.add(str(refused.value))
        if step == 1:
            world.run(remove_authenticator, RemoveAuthenticator("mmartin5", session.id, own))
    assert len(words) == 1


@pytest.mark.parametrize("rubbish", [{}, {"id": None}, {"id": "\ud800"}, {"id": "é"}, {"id": "x" * 5000}], ids=ascii)
def test_rubbish_is_refused__IDN_3(world: World, rubbish: dict[str, Any]) -> None:
    with pytest.raises(SignInFailedError):
        answer(world, asked(world), rubbish)


def test_a_challenge_is_its_clients_and_takes_one_answer__IDN_3(world: World, key: SecurityKey) -> None:
    flow = asked(world)
    right = key.sign(flow.passkey_options)
    with pytest.raises(NotFoundError):
        answer(world, replace(flow, challenge_secret="another"), right)
    answer(world, flow, right)
    with pytest.raises(NotFoundError):
        answer(world, flow, right)
    spoilt = asked(world)
    with pytest.raises(SignInFailedError):
        answer(world, spoilt, key.sign(spoilt.passkey_options, challenge=text_of(bytes(32))))
    with pytest.raises(NotFoundError):
        answer(world, spoilt, key.sign(spoilt.passkey_options))


def test_an_answer_to_a_second_step_does_not_sign_in_alone__IDN_3(world: World, key: SecurityKey) -> None:
    step, flow = begin(world), asked(world)
    assert step.passkey_options is not None
    with pytest.raises(SignInFailedError):
        answer(world, flow, key.sign(step.passkey_options))
    with pytest.raises(CodeWrongError):
        verify_by_passkey(world, step, key.sign(asked(world).passkey_options))


def test_a_challenge_is_over_after_ten_minutes__IDN_3(world: World, key: SecurityKey) -> None:
    flow = asked(world)
    world.clock.advance(minutes=10)
    with pytest.raises(NotFoundError):
        answer(world, flow, key.sign(flow.passkey_options))
    world.clock.advance(days=1, seconds=1)
    purge_expired(FakeWork(world.store), world.ports)
    assert world.store.passkey_sign_ins.kept == {}


def test_whoever_was_not_verified_needs_the_password__IDN_3(world: World, key: SecurityKey) -> None:
    with pytest.raises(SignInFailedError):
        by_passkey_alone(world, key, flags=PRESENT)
    step = begin(world)
    assert step.passkey_options is not None
    verify_by_passkey(world, step, key.sign(step.passkey_options, flags=PRESENT))


def test_a_key_that_got_its_pin_later_signs_in_alone_after_a_password_did__IDN_3(
    world: World, session: Session
) -> None:
    key = with_passkey(world, session, key=SecurityKey(ORIGINS[0], verifies_user=False))
    key.verifies_user = True  # whoever found it may have set the PIN
    with pytest.raises(SignInFailedError):
        by_passkey_alone(world, key)
    step = begin(world)
    assert step.passkey_options is not None
    verify_by_passkey(world, step, key.sign(step.passkey_options))
    assert by_passkey_alone(world, key).user_id == "mmartin5"


def test_a_disabled_account_is_told_so_after_a_right_answer_alone__IDN_13(world: World, key: SecurityKey) -> None:
    world.change("mmartin5", state=State.DISABLED)
    with pytest.raises(SignInFailedError):
        by_passkey_alone(world, key, party="x")
    with pytest.raises(AccountDisabledError):
        by_passkey_alone(world, key)


def test_a_copied_key_signs_in_nobody__IDN_3(world: World, key: SecurityKey) -> None:
    copy = key.copy()
    by_passkey_alone(world, key)
    for signs in (copy, key):
        with pytest.raises(SignInFailedError):
            by_passkey_alone(world, signs)
    assert len(world.happened(AuthenticatorSuspended)) == 1


def test_a_locked_second_step_lets_no_passkey_through__IDN_9(world: World, session: Session, key: SecurityKey) -> None:
    app = with_app(world, session)
    for _ in range(10):
        with pytest.raises(CodeWrongError):
            verify(world, begin(world), app.id, "000000")
        world.clock.advance(minutes=2)
    with pytest.raises(TooManyAttemptsError):
        by_passkey_alone(world, key)
    world.clock.advance(minutes=15)
    by_passkey_alone(world, key)


def test_whoever_guesses_passwords_locks_no_passkey_out__IDN_9(world: World, key: SecurityKey) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailedError):
            world.run(sign_in, SignIn("mmartin5", "not the password", "medical"))
        world.clock.advance(minutes=2)
    with pytest.raises(TooManyAttemptsError):
        begin(world)
    by_passkey_alone(world, key)


def test_a_temporary_password_is_replaced_before_a_passkey_signs_in__IDN_8(world: World, key: SecurityKey) -> None:
    world.change("mmartin5", temporary_until=world.clock.now())
    flow = asked(world)
    command = SignInWithPasskey(flow.challenge, flow.challenge_secret, key.sign(flow.passkey_options))
    before = len(world.store.sessions.kept)
    assert isinstance(world.run(sign_in_with_passkey, command), PasswordChangeRequired)
    assert len(world.store.sessions.kept) == before


def test_a_session_without_password_claims_none_after_a_step_up__IDN_3(world: World, key: SecurityKey) -> None:
    began = by_passkey_alone(world, key)
    step = begin_up(world, began)
    assert step.passkey_options is not None
    with pytest.raises(CodeWrongError):  # nothing but having it would be shown, twice
        verify_up_by_passkey(world, began, step, key.sign(step.passkey_options, flags=PRESENT))
    assert verify_up_by_passkey(world, began, step, key.sign(step.passkey_options)).amr == ("pop", "mfa")
    step = begin_up(world, began)
    method = method_of(step, "email")
    send_up(world, began, step, method)
    weaker = verify_up(world, began, step, method, world.code)
    assert (weaker.acr, weaker.amr) == ("urn:wardenry:acr:email-code", ("pop", "otp", "email"))
