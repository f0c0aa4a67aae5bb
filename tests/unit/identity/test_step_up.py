"""Stepping up: a fresh second step within the session, for that session alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.kernel.errors import NotFoundError, NotSignedInError, StepUpRequiredError
from services.identity.application.change_authenticators import RemoveAuthenticator, remove_authenticator
from services.identity.application.sign_out import SignOut, sign_out
from services.identity.domain.accounts import State
from services.identity.domain.errors import (
    AccountDisabledError,
    CodeWrongError,
    TooManyAttemptsError,
)
from services.identity.domain.events import CodeRequested, SignInFailed, SignInSteppedUp
from services.identity.domain.sessions import Session
from tests.unit.identity.stepping import (
    PAPER,
    App,
    begin,
    begin_up,
    method_of,
    send_up,
    signed_in,
    verify,
    verify_up,
    with_app,
    with_paper,
)
from tests.unit.identity.world import World


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    return world


@pytest.fixture
def session(world: World) -> Session:
    return signed_in(world)


@pytest.fixture
def app(world: World, session: Session) -> App:
    app = with_app(world, session)
    world.clock.advance(minutes=6)
    return app


def test_a_fresh_step_opens_what_a_stale_one_does_not__IDN_3(world: World, session: Session, app: App) -> None:
    with pytest.raises(StepUpRequiredError):
        world.run(remove_authenticator, RemoveAuthenticator("mmartin5", session.id, app.id))
    stepped = verify_up(world, session, begin_up(world, session), app.id, app.code(world))
    assert (stepped.acr, stepped.fresh_until) == ("urn:wardenry:acr:app-code", world.clock.now() + timedelta(minutes=5))
    world.clock.advance(minutes=5)
    world.run(remove_authenticator, RemoveAuthenticator("mmartin5", session.id, app.id))
    assert [event.session.id for event in world.happened(SignInSteppedUp)] == [session.id]


def test_the_session_is_as_strong_as_its_latest_step__IDN_3(world: World, session: Session, app: App) -> None:
    verify_up(world, session, begin_up(world, session), app.id, app.code(world))
    assert world.store.sessions.kept[session.id].strength.acr == "urn:wardenry:acr:app-code"
    step = begin_up(world, session)
    send_up(world, session, step, method_of(step, "email"))
    verify_up(world, session, step, method_of(step, "email"), world.code)
    assert world.store.sessions.kept[session.id].strength.acr == "urn:wardenry:acr:email-code"
    assert world.happened(CodeRequested)[-1].purpose == "step_up"


def test_another_session_of_the_same_person_does_not_carry_it_on__IDN_3(
    world: World, session: Session, app: App
) -> None:
    other = signed_in(world)
    step = begin_up(world, session)
    with pytest.raises(NotFoundError):
        send_up(world, other, step, method_of(step, "email"))
    with pytest.raises(NotFoundError):
        verify_up(world, other, step, app.id, app.code(world))
    verify_up(world, session, step, app.id, app.code(world))


def test_a_step_up_is_no_sign_in_and_a_sign_in_no_step_up__IDN_3(world: World, session: Session, app: App) -> None:
    up, into = begin_up(world, session), begin(world)
    with pytest.raises(NotFoundError):
        verify(world, up, app.id, app.code(world))
    with pytest.raises(NotFoundError):
        verify_up(world, session, into, app.id, app.code(world))


def test_a_code_that_was_spent_at_sign_in_does_not_step_up__IDN_3(world: World, session: Session, app: App) -> None:
    code = app.code(world)
    verify(world, begin(world), app.id, code)
    with pytest.raises(CodeWrongError):
        verify_up(world, session, begin_up(world, session), app.id, code)
    assert world.happened(SignInFailed)[-1].reason == "step_up"


def test_a_step_up_succeeds_once_and_within_ten_minutes__IDN_3(world: World, session: Session, app: App) -> None:
    step = begin_up(world, session)
    verify_up(world, session, step, app.id, app.code(world))
    with pytest.raises(NotFoundError):
        verify_up(world, session, step, app.id, app.code(world, steps=1))
    late = begin_up(world, session)
    world.clock.advance(minutes=10)
    with pytest.raises(NotFoundError):
        verify_up(world, session, late, app.id, app.code(world))


def test_wrong_ones_count_with_those_of_sign_in__IDN_9(world: World, session: Session, app: App) -> None:
    for _ in range(2):
        with pytest.raises(CodeWrongError):
            verify(world, begin(world), app.id, "000000")
        with pytest.raises(CodeWrongError):
            verify_up(world, session, begin_up(world, session), PAPER, "0-aaaaa-aaaaa")
    with pytest.raises(TooManyAttemptsError):
        verify_up(world, session, begin_up(world, session), app.id, app.code(world))


def test_an_ended_session_and_a_disabled_account_step_up_no_more__IDN_3(
    world: World, session: Session, app: App
) -> None:
    step = begin_up(world, session)
    world.run(sign_out, SignOut("mmartin5", session.id))
    with pytest.raises(NotFoundError):
        verify_up(world, session, step, app.id, app.code(world))
    with pytest.raises(NotSignedInError):
        begin_up(world, session)
    other = signed_in(world)
    world.change("mmartin5", state=State.DISABLED)
    with pytest.raises(AccountDisabledError):
        begin_up(world, other)
    with pytest.raises(AccountDisabledError):
        with_paper(world, other)
