"""Authenticator apps and recovery codes: what passes a second step, and what must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chassis.kernel.errors import InvalidError, NotFoundError, StepUpRequiredError
from services.identity.application.add_authenticator import BeginAuthenticator, begin_authenticator
from services.identity.application.change_authenticators import (
    RemoveAuthenticator,
    RenameAuthenticator,
    remove_authenticator,
    rename_authenticator,
)
from services.identity.application.make_recovery_codes import RemoveRecoveryCodes, remove_recovery_codes
from services.identity.application.purge_expired import purge_expired
from services.identity.application.send_sign_in_code import SendSignInCode, send_sign_in_code
from services.identity.domain.errors import (
    CodeWrongError,
    TooManyAttemptsError,
    TooManyAuthenticatorsError,
)
from services.identity.domain.events import (
    AccountLocked,
    AuthenticatorAdded,
    AuthenticatorRemoved,
    AuthenticatorRenamed,
    RecoveryCodesMade,
    RecoveryCodesRemoved,
    SignInFailed,
)
from services.identity.domain.sessions import Session
from tests.unit.identity.stepping import (
    PAPER,
    App,
    begin,
    confirm,
    method_of,
    signed_in,
    verify,
    with_app,
    with_paper,
)
from tests.unit.identity.world import FakeWork, World

WRONG = "000000"


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    return world


@pytest.fixture
def session(world: World) -> Session:
    return signed_in(world)


def test_sign_in_offers_all_that_the_account_has__IDN_3(world: World, session: Session) -> None:
    with_app(world, session)
    with_paper(world, session)
    offered = [(method.kind, method.hint) for method in begin(world).methods]
    assert offered == [("totp", "My phone"), ("email", "m•••@clinic.example"), (PAPER, "10")]


def test_the_apps_code_signs_in_stronger_than_a_mail__IDN_3(world: World, session: Session) -> None:
    assert (session.strength.acr, session.strength.amr) == ("urn:wardenry:acr:email-code", ("pwd", "otp", "email"))
    app, step = with_app(world, session), begin(world)
    stronger = verify(world, step, app.id, f"{app.code(world)[:3]} {app.code(world)[3:]}").strength
    assert (stronger.acr, stronger.amr) == ("urn:wardenry:acr:app-code", ("pwd", "otp", "mfa"))


def test_a_code_of_the_app_is_good_once__IDN_3(world: World, session: Session) -> None:
    app = with_app(world, session)
    code = app.code(world)
    verify(world, begin(world), app.id, code)
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), app.id, code)


def test_the_first_code_does_not_sign_in_as_well__IDN_3(world: World, session: Session) -> None:
    app = with_app(world, session)
    world.clock.advance(seconds=-60)
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), app.id, app.code(world))


def test_an_older_code_is_worth_nothing_after_a_newer__IDN_3(world: World, session: Session) -> None:
    app = with_app(world, session)
    older = app.code(world)
    verify(world, begin(world), app.id, app.code(world, steps=1))
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), app.id, older)


def test_an_app_counts_once_its_first_code_came__IDN_3(world: World, session: Session) -> None:
    begun = world.run(begin_authenticator, BeginAuthenticator("mmartin5", session.id, "My phone"))
    app = App(begun.id, world.ports.authenticator_secrets.open(begun.id, _sealed(world, begun.id)))
    assert [method.kind for method in begin(world).methods] == ["email"]
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), app.id, app.code(world))
    with pytest.raises(CodeWrongError):
        confirm(world, session, app, WRONG)
    assert world.happened(AuthenticatorAdded) == []
    confirm(world, session, app, app.code(world))
    assert [event.authenticator.name for event in world.happened(AuthenticatorAdded)] == ["My phone"]
    with pytest.raises(NotFoundError):
        confirm(world, session, app, app.code(world, steps=1))


def test_one_that_was_begun_is_over_after_ten_minutes_or_by_the_next__IDN_3(world: World, session: Session) -> None:
    first = world.run(begin_authenticator, BeginAuthenticator("mmartin5", session.id, "First"))
    second = world.run(begin_authenticator, BeginAuthenticator("mmartin5", session.id, "Second"))
    with pytest.raises(NotFoundError):
        confirm(world, session, App(first.id, b""), WRONG)
    world.clock.advance(minutes=10)
    fresh = signed_in(world)
    with pytest.raises(NotFoundError):
        confirm(world, fresh, App(second.id, b""), WRONG)
    world.clock.advance(days=2)
    assert purge_expired(FakeWork(world.store), world.ports).enrolments == 1


def test_somebody_elses_app_passes_nothing_of_mine__IDN_3(world: World, session: Session) -> None:
    app = with_app(world, session)
    world.active("geogym1")
    theirs = signed_in(world, "geogym1")
    with pytest.raises(CodeWrongError):
        verify(world, begin(world, "geogym1"), app.id, app.code(world))
    for use_case, command in (
        (remove_authenticator, RemoveAuthenticator("geogym1", theirs.id, app.id)),
        (rename_authenticator, RenameAuthenticator("geogym1", theirs.id, app.id, "Mine now")),
    ):
        with pytest.raises(NotFoundError):
            world.run(use_case, command)
    verify(world, begin(world), app.id, app.code(world))


def test_a_removed_app_passes_nothing_not_even_where_it_was_offered__IDN_3(world: World, session: Session) -> None:
    app, step = with_app(world, session), begin(world)
    world.run(remove_authenticator, RemoveAuthenticator("mmartin5", session.id, app.id))
    with pytest.raises(CodeWrongError):
        verify(world, step, app.id, app.code(world))
    assert [method.kind for method in begin(world).methods] == ["email"]  # the last one may go: mail remains
    assert len(world.happened(AuthenticatorRemoved)) == 1
    with pytest.raises(NotFoundError):
        world.run(remove_authenticator, RemoveAuthenticator("mmartin5", session.id, app.id))


def test_an_app_is_renamed_and_works_on__IDN_3(world: World, session: Session) -> None:
    app = with_app(world, session)
    world.run(rename_authenticator, RenameAuthenticator("mmartin5", session.id, app.id, "  Work phone "))
    assert begin(world).methods[0].hint == "Work phone"
    assert len(world.happened(AuthenticatorRenamed)) == 1
    verify(world, begin(world), app.id, app.code(world))


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "two\nlines", "\x00", "\ud800"])
def test_a_name_is_one_line_of_sixty__IDN_3(world: World, session: Session, name: str) -> None:
    with pytest.raises(InvalidError):
        world.run(begin_authenticator, BeginAuthenticator("mmartin5", session.id, name))


def test_an_account_has_ten_apps_at_most__IDN_3(world: World, session: Session) -> None:
    app = with_app(world, session)
    kept = world.store.authenticators.kept
    kept.update({str(number): replace(kept[app.id], id=str(number)) for number in range(9)})
    with pytest.raises(TooManyAuthenticatorsError):
        world.run(begin_authenticator, BeginAuthenticator("mmartin5", session.id, "The eleventh"))


def test_no_code_is_sent_to_an_app__IDN_3(world: World, session: Session) -> None:
    app, step = with_app(world, session), begin(world)
    for method in (app.id, PAPER):
        with pytest.raises(InvalidError):
            world.run(send_sign_in_code, SendSignInCode(step.challenge, step.challenge_secret, method))


def test_each_recovery_code_signs_in_once__IDN_3(world: World, session: Session) -> None:
    codes = with_paper(world, session)
    assert len(set(codes)) == 10
    strength = verify(world, begin(world), PAPER, f" {codes[3].upper().replace('-', ' ')} ").strength
    assert (strength.acr, strength.amr) == ("urn:wardenry:acr:recovery-code", ("pwd", "otp"))
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), PAPER, codes[3])
    assert begin(world).methods[-1].hint == "9"
    for code in codes[:3] + codes[4:]:
        verify(world, begin(world), PAPER, code)
    assert [method.kind for method in begin(world).methods] == ["email"]


def test_recovery_codes_are_kept_as_slow_hashes__IDN_16(world: World, session: Session) -> None:
    (code, *_), kept = with_paper(world, session), world.store.recovery_codes.of("mmartin5")
    letters = code.replace("-", "")[1:]
    assert [each.hash == f"1:{letters}" for each in kept].count(True) == 1
    before = len(world.hasher.verified)
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), PAPER, f"4-{letters}")  # right letters under another number
    assert world.hasher.verified[before + 1 :] == [kept[4].hash]  # after the password: one slow hash, and no more


def test_new_recovery_codes_void_the_former__IDN_3(world: World, session: Session) -> None:
    former, codes = with_paper(world, session), with_paper(world, session)
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), PAPER, former[0])
    verify(world, begin(world), PAPER, codes[0])
    assert len(world.happened(RecoveryCodesMade)) == 2


def test_removed_recovery_codes_pass_nothing__IDN_3(world: World, session: Session) -> None:
    codes, step = with_paper(world, session), begin(world)
    world.run(remove_recovery_codes, RemoveRecoveryCodes("mmartin5", session.id))
    with pytest.raises(CodeWrongError):
        verify(world, step, PAPER, codes[0])
    with pytest.raises(NotFoundError):
        world.run(remove_recovery_codes, RemoveRecoveryCodes("mmartin5", session.id))
    assert len(world.happened(RecoveryCodesRemoved)) == 1


def test_somebody_elses_recovery_code_is_wrong__IDN_3(world: World, session: Session) -> None:
    codes = with_paper(world, session)
    world.active("geogym1")
    with pytest.raises(CodeWrongError):
        verify(world, begin(world, "geogym1"), PAPER, codes[0])


@pytest.mark.parametrize("typed", ["", "3", "3-aaaaa", "x-aaaaa-aaaaa", "3-aaaaa-aaaaaa", "3-aaaaa-aaaa\ud800"])
def test_what_is_no_recovery_code_is_wrong__IDN_3(world: World, session: Session, typed: str) -> None:
    with_paper(world, session)
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), PAPER, typed)


def test_guesses_lock_every_second_step_over_all_challenges__IDN_9(world: World, session: Session) -> None:
    app, codes = with_app(world, session), with_paper(world, session)
    for number in range(10):
        with pytest.raises(CodeWrongError):
            verify(world, begin(world), (app.id, PAPER)[number % 2], WRONG)
        world.clock.advance(minutes=2)
    (locked,) = world.happened(AccountLocked)
    assert locked.failures == 10
    assert [event.reason for event in world.happened(SignInFailed)] == ["code"] * 10
    step = begin(world)
    world.run(send_sign_in_code, SendSignInCode(step.challenge, step.challenge_secret, method_of(step, "email")))
    before = len(world.hasher.verified)
    for method, code in (
        (app.id, app.code(world)),
        (PAPER, codes[0]),
        (method_of(step, "email"), world.code),
    ):
        with pytest.raises(TooManyAttemptsError):
            verify(world, step, method, code)
    assert len(world.hasher.verified) == before  # and costs nothing
    world.clock.advance(minutes=13)
    verify(world, begin(world), app.id, app.code(world))


def test_pauses_grow_before_the_lock_and_a_success_forgets_them__IDN_9(world: World, session: Session) -> None:
    app = with_app(world, session)
    for _ in range(4):
        with pytest.raises(CodeWrongError):
            verify(world, begin(world), app.id, WRONG)
    with pytest.raises(TooManyAttemptsError):
        verify(world, begin(world), app.id, app.code(world))
    world.clock.advance(seconds=1)
    verify(world, begin(world), app.id, app.code(world))
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), app.id, WRONG)


def test_after_five_minutes_nothing_is_changed_without_a_fresh_step__IDN_3(world: World, session: Session) -> None:
    app = with_app(world, session)
    with_paper(world, session)
    begun = world.run(begin_authenticator, BeginAuthenticator("mmartin5", session.id, "Another"))
    world.clock.advance(minutes=4, seconds=1)
    for change in (
        lambda: world.run(begin_authenticator, BeginAuthenticator("mmartin5", session.id, "Mine")),
        lambda: confirm(world, session, App(begun.id, b""), WRONG),
        lambda: world.run(rename_authenticator, RenameAuthenticator("mmartin5", session.id, app.id, "Mine")),
        lambda: world.run(remove_authenticator, RemoveAuthenticator("mmartin5", session.id, app.id)),
        lambda: with_paper(world, session),
        lambda: world.run(remove_recovery_codes, RemoveRecoveryCodes("mmartin5", session.id)),
    ):
        with pytest.raises(StepUpRequiredError):
            change()
    assert [method.hint for method in begin(world).methods] == ["My phone", "m•••@clinic.example", "10"]


def _sealed(world: World, authenticator_id: str) -> str:
    return world.store.authenticators.kept[authenticator_id].sealed_secret
