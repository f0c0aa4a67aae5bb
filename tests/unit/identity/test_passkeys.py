"""Passkeys and security keys: how one is added, and how it passes a second step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import NotFoundError, StepUpRequiredError
from services.identity.application.add_passkey import (
    BeginPasskey,
    ConfirmPasskey,
    begin_passkey,
    confirm_passkey,
)
from services.identity.application.change_authenticators import (
    RemoveAuthenticator,
    RenameAuthenticator,
    remove_authenticator,
    rename_authenticator,
)
from services.identity.application.purge_expired import purge_expired
from services.identity.domain.errors import (
    CodeWrongError,
    PasskeyKnownError,
    PasskeyWrongError,
    TooManyAttemptsError,
    TooManyAuthenticatorsError,
)
from services.identity.domain.events import (
    AccountLocked,
    AuthenticatorAdded,
    AuthenticatorRemoved,
    AuthenticatorRenamed,
    AuthenticatorSuspended,
    SignInFailed,
)
from services.identity.domain.sessions import Session
from tests.unit.identity.security_key import PRESENT, VERIFIED, SecurityKey, octets_of, text_of
from tests.unit.identity.stepping import (
    App,
    begin,
    begin_up,
    signed_in,
    verify,
    verify_by_passkey,
    verify_up_by_passkey,
    with_app,
    with_passkey,
)
from tests.unit.identity.world import ORIGINS, PARTY, FakeWork, World

WRONG: list[dict[str, Any]] = [
    {"origin": "https://medical.plan.example.test.evil.test"},
    {"origin": "https://plan.example.test"},
    {"origin": f"{ORIGINS[0]}:444"},
    {"origin": ORIGINS[0].replace("https", "http")},
    {"party": "plan.example.tes"},
    {"challenge": text_of(bytes(32))},
    {"challenge": ""},
    {"crossOrigin": True},
    {"topOrigin": "https://evil.test"},
    {"flags": VERIFIED},
]
"""What a browser or an authenticator says that was led astray, or is none."""


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    return world


@pytest.fixture
def session(world: World) -> Session:
    return signed_in(world)


def test_a_key_is_asked_for_that_tells_nothing_of_its_owner__IDN_3(world: World, session: Session) -> None:
    options = world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "My laptop")).options
    assert (options["rp"], options["attestation"]) == ({"id": PARTY, "name": "Wardenry"}, "none")
    handle = octets_of(options["user"]["id"])
    assert len(handle) == 32
    assert b"mmartin" not in handle
    assert len(octets_of(options["challenge"])) == 32
    key = with_passkey(world, session)
    again = world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "Another")).options
    assert [each["id"] for each in again["excludeCredentials"]] == [text_of(key.id)]
    assert again["user"]["id"] == key.handle  # one account, one handle
    assert again["challenge"] != options["challenge"]


def test_sign_in_offers_it_first_and_it_is_stronger__IDN_3(world: World, session: Session) -> None:
    key, _ = with_passkey(world, session), with_passkey(world, session, "Blue key")
    step = begin(world)
    assert (step.methods[0].kind, step.methods[0].hint) == ("passkey", "My laptop, Blue key")
    assert step.passkey_options is not None
    assert len(step.passkey_options["allowCredentials"]) == 2
    strength = verify_by_passkey(world, step, key.sign(step.passkey_options)).strength
    assert (strength.acr, strength.amr) == ("urn:wardenry:acr:passkey", ("pwd", "pop", "mfa"))
    assert [each.authenticator.kind for each in world.happened(AuthenticatorAdded)] == ["passkey", "passkey"]


@pytest.mark.parametrize("origin", ORIGINS)
def test_it_works_on_both_sites__IDN_3(world: World, session: Session, origin: str) -> None:
    key, step = with_passkey(world, session), begin(world)
    key.origin = origin
    assert step.passkey_options is not None
    verify_by_passkey(world, step, key.sign(step.passkey_options))


@pytest.mark.parametrize("wrong", [*WRONG, {"type": "webauthn.create"}], ids=str)
def test_a_signature_that_was_not_asked_for_here_is_wrong__IDN_3(
    world: World, session: Session, wrong: dict[str, Any]
) -> None:
    key, step = with_passkey(world, session), begin(world)
    assert step.passkey_options is not None
    with pytest.raises(CodeWrongError):
        verify_by_passkey(world, step, key.sign(step.passkey_options, **wrong))
    assert [event.reason for event in world.happened(SignInFailed)] == ["code"]
    verify_by_passkey(world, step, key.sign(step.passkey_options))


@pytest.mark.parametrize(
    "mangled",
    [
        {},
        {"id": 7},
        {"id": "x" * 2000},
        {"response": None},
        {"response": {"clientDataJSON": "é", "authenticatorData": "", "signature": ""}},
        {"rawId": "AAAA"},
        {"type": "password"},
    ],
    ids=str,
)
def test_what_is_no_signature_is_wrong__IDN_3(world: World, session: Session, mangled: dict[str, Any]) -> None:
    key, step = with_passkey(world, session), begin(world)
    assert step.passkey_options is not None
    answer = key.sign(step.passkey_options) | mangled if mangled else {}
    with pytest.raises(CodeWrongError):
        verify_by_passkey(world, step, answer)


def test_another_keys_signature_under_its_name_is_wrong__IDN_3(world: World, session: Session) -> None:
    key, step = with_passkey(world, session), begin(world)
    forged = SecurityKey(ORIGINS[0], id=key.id, handle=key.handle, count=7)
    assert step.passkey_options is not None
    with pytest.raises(CodeWrongError):
        verify_by_passkey(world, step, forged.sign(step.passkey_options))


def test_an_answer_is_good_in_its_own_flow_and_once__IDN_3(world: World, session: Session) -> None:
    key, first, second = with_passkey(world, session), begin(world), begin(world)
    assert first.passkey_options is not None
    answer = key.sign(first.passkey_options)
    with pytest.raises(CodeWrongError):
        verify_by_passkey(world, second, answer)
    verify_by_passkey(world, first, answer)
    with pytest.raises(NotFoundError):
        verify_by_passkey(world, first, answer)


def test_a_flow_that_asked_no_passkey_takes_none__IDN_3(world: World, session: Session) -> None:
    step = begin(world)
    assert step.passkey_options is None
    key = with_passkey(world, session)
    for challenge in ("", text_of(bytes(32))):
        with pytest.raises(CodeWrongError):
            verify_by_passkey(world, step, key.sign({"rpId": PARTY, "challenge": challenge}))


def test_somebody_elses_passkey_passes_nothing_of_mine__IDN_3(world: World, session: Session) -> None:
    with_passkey(world, session)
    world.active("geogym1")
    theirs = with_passkey(world, signed_in(world, "geogym1"))
    step = begin(world)
    assert step.passkey_options is not None
    with pytest.raises(CodeWrongError):
        verify_by_passkey(world, step, theirs.sign(step.passkey_options))


@pytest.mark.parametrize("wrong", [*WRONG, {"type": "webauthn.get"}], ids=str)
def test_a_key_that_was_not_asked_for_here_is_not_added__IDN_3(
    world: World, session: Session, wrong: dict[str, Any]
) -> None:
    begun = world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "My laptop"))
    answer = SecurityKey(ORIGINS[0]).create(begun.options, **wrong)
    with pytest.raises(PasskeyWrongError):
        world.run(confirm_passkey, ConfirmPasskey("mmartin5", session.id, begun.id, answer))
    assert world.happened(AuthenticatorAdded) == []
    assert begin(world).passkey_options is None


def test_a_key_is_added_once_and_for_one_account__IDN_3(world: World, session: Session) -> None:
    key = SecurityKey(ORIGINS[0])
    begun = world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "My laptop"))
    confirming = ConfirmPasskey("mmartin5", session.id, begun.id, key.create(begun.options))
    world.run(confirm_passkey, confirming)
    with pytest.raises(NotFoundError):
        world.run(confirm_passkey, confirming)
    world.active("geogym1")
    theirs = signed_in(world, "geogym1")
    with pytest.raises(PasskeyKnownError):
        with_passkey(world, theirs, key=key.copy())
    assert [each.user_id for each in world.store.passkeys.kept.values()] == ["mmartin5"]


def test_one_that_was_begun_is_its_owners_and_over_after_ten_minutes_or_by_the_next__IDN_3(
    world: World, session: Session
) -> None:
    key = SecurityKey(ORIGINS[0])
    first = world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "First"))
    second = world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "Second"))
    with pytest.raises(NotFoundError):
        world.run(confirm_passkey, ConfirmPasskey("mmartin5", session.id, first.id, key.create(first.options)))
    world.active("geogym1")
    theirs = signed_in(world, "geogym1")
    with pytest.raises(NotFoundError):
        world.run(confirm_passkey, ConfirmPasskey("geogym1", theirs.id, second.id, key.create(second.options)))
    world.clock.advance(minutes=10)
    fresh = signed_in(world)
    with pytest.raises(NotFoundError):
        world.run(confirm_passkey, ConfirmPasskey("mmartin5", fresh.id, second.id, key.create(second.options)))
    world.clock.advance(days=2)
    assert purge_expired(FakeWork(world.store), world.ports).enrolments == 1


def test_adding_needs_a_fresh_second_step_at_both_ends__IDN_3(world: World, session: Session) -> None:
    begun = world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "My laptop"))
    world.clock.advance(minutes=5, seconds=1)
    answer = SecurityKey(ORIGINS[0]).create(begun.options)
    with pytest.raises(StepUpRequiredError):
        world.run(confirm_passkey, ConfirmPasskey("mmartin5", session.id, begun.id, answer))
    with pytest.raises(StepUpRequiredError):
        world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "My laptop"))


def test_an_account_has_ten_passkeys_at_most__IDN_3(world: World, session: Session) -> None:
    with_passkey(world, session)
    kept = world.store.passkeys.kept
    (own,) = kept.values()
    kept.update({str(number): replace(own, id=str(number)) for number in range(9)})
    with pytest.raises(TooManyAuthenticatorsError):
        world.run(begin_passkey, BeginPasskey("mmartin5", session.id, "The eleventh"))


def test_it_is_renamed_and_removed_by_its_owner_alone__IDN_3(world: World, session: Session) -> None:
    key, step = with_passkey(world, session), begin(world)
    (own,) = world.store.passkeys.kept
    world.active("geogym1")
    theirs = signed_in(world, "geogym1")
    for use_case, command in (
        (remove_authenticator, RemoveAuthenticator("geogym1", theirs.id, own)),
        (rename_authenticator, RenameAuthenticator("geogym1", theirs.id, own, "Mine now")),
    ):
        with pytest.raises(NotFoundError):
            world.run(use_case, command)
    world.run(rename_authenticator, RenameAuthenticator("mmartin5", session.id, own, " Work laptop "))
    assert begin(world).methods[0].hint == "Work laptop"
    world.run(remove_authenticator, RemoveAuthenticator("mmartin5", session.id, own))
    assert step.passkey_options is not None
    with pytest.raises(CodeWrongError):
        verify_by_passkey(world, step, key.sign(step.passkey_options))
    assert [each.kind for each in begin(world).methods] == ["email"]
    assert len(world.happened(AuthenticatorRenamed)) == len(world.happened(AuthenticatorRemoved)) == 1


def test_a_copied_key_is_suspended_and_its_owner_told__IDN_3(world: World, session: Session) -> None:
    key = with_passkey(world, session)
    copy = key.copy()
    for signs, is_right in ((key, True), (copy, False), (key, False)):
        step = begin(world)
        answer = signs.sign(step.passkey_options or {"rpId": PARTY, "challenge": ""})
        if is_right:
            verify_by_passkey(world, step, answer)
            continue
        with pytest.raises(CodeWrongError):
            verify_by_passkey(world, step, answer)
    (told,) = world.happened(AuthenticatorSuspended)
    assert told.authenticator.suspended_at == world.clock.now()
    assert [each.kind for each in begin(world).methods] == ["email"]


def test_a_key_that_does_not_count_works_on__IDN_3(world: World, session: Session) -> None:
    key = with_passkey(world, session, key=SecurityKey(ORIGINS[0], count=None))
    for _ in range(2):
        step = begin(world)
        assert step.passkey_options is not None
        verify_by_passkey(world, step, key.sign(step.passkey_options))


def test_wrong_signatures_lock_every_second_step__IDN_9(world: World, session: Session) -> None:
    key, app = with_passkey(world, session), with_app(world, session)
    for _ in range(10):
        step = begin(world)
        assert step.passkey_options is not None
        with pytest.raises(CodeWrongError):
            verify_by_passkey(world, step, key.sign(step.passkey_options, challenge="AAAA"))
        world.clock.advance(minutes=2)
    assert len(world.happened(AccountLocked)) == 1
    step = begin(world)
    assert step.passkey_options is not None
    with pytest.raises(TooManyAttemptsError):
        verify_by_passkey(world, step, key.sign(step.passkey_options))
    with pytest.raises(TooManyAttemptsError):
        verify(world, step, app.id, app.code(world))


def test_it_steps_up_in_its_own_session_alone__IDN_3(world: World, session: Session) -> None:
    key = with_passkey(world, session, key=SecurityKey(ORIGINS[1], verifies_user=False))
    step, other = begin_up(world, session), signed_in(world)
    assert step.passkey_options is not None
    answer = key.sign(step.passkey_options, flags=PRESENT)
    with pytest.raises(NotFoundError):
        verify_up_by_passkey(world, other, step, answer)
    assert verify_up_by_passkey(world, session, step, answer).acr == "urn:wardenry:acr:passkey"


def test_an_apps_identifier_with_an_assertion_is_wrong__IDN_3(world: World, session: Session) -> None:
    app: App = with_app(world, session)
    with_passkey(world, session)
    with pytest.raises(CodeWrongError):
        verify(world, begin(world), app.id, "")
