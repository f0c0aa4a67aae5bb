"""The one way past a second step: in order, once, and throttled by account over all that it can be made by (IDN-3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.errors import NotFoundError
from chassis.kernel.work import UnitOfWork
from services.identity.application.attempts import Barrier, barriers_around, count_around, refuse_around, wait_for
from services.identity.application.challenge_desk import account_behind, find_challenge
from services.identity.application.code_desk import Redemption, redeem_code
from services.identity.application.passkey_desk import note_use, signed_by
from services.identity.application.passkey_ports import Json
from services.identity.application.ports import Ports, Store
from services.identity.application.second_steps import PASSKEYS, RECOVERY_CODES
from services.identity.application.step_throttle import Tries, device_behind
from services.identity.domain.accounts import Account
from services.identity.domain.authenticators import Authenticator
from services.identity.domain.challenges import Challenge, ChallengeKind
from services.identity.domain.codes import Purpose, digits_of
from services.identity.domain.contacts import ContactKind
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.errors import CodeWrongError
from services.identity.domain.events import ContactVerified, SignInFailed
from services.identity.domain.recovery_codes import RecoveryCode, read
from services.identity.domain.sessions import (
    APP_CODE,
    EMAIL_CODE,
    PASSWORD_AND_PASSKEY,
    RECOVERY_CODE,
    TEXT_CODE,
    Strength,
)
from services.identity.domain.totp import matching_step


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came for a challenge of that kind: the identifier of a method, and the code as typed, or an assertion.

    `session_id` is the session that it came from; a challenge that was begun in one passes there alone.
    """

    kind: ChallengeKind
    challenge: str
    secret: str | None
    method: str
    typed: str
    session_id: str | None = None
    assertion: Json | None = None
    whereabouts: Whereabouts = NOWHERE


@dataclass(frozen=True, slots=True)
class Passed:
    """Whose second step it was, and how strong; the account is locked."""

    challenge: Challenge
    account: Account
    strength: Strength


@dataclass(frozen=True, slots=True)
class _Found:
    """The flow, its account, locked, and the recovery code that was typed, if it was one."""

    challenge: Challenge
    account: Account
    on_paper: RecoveryCode | None


_PURPOSES = {ChallengeKind.SIGN_IN: Purpose.SIGN_IN, ChallengeKind.STEP_UP: Purpose.STEP_UP}
_REASONS = {ChallengeKind.SIGN_IN: "code", ChallengeKind.STEP_UP: "step_up"}


def pass_second_step(attempt: Attempt, work: UnitOfWork[Store], ports: Ports) -> Passed:
    """Pass the challenge, once.

    Raises `NotFoundError`, `AccountDisabledError`, `CodeWrongError`, `CodeExpiredError` for a code that was sent, and
    `TooManyAttemptsError`. Attempts side by side are settled one after the other, under the lock of the account.
    """
    on_paper = _looked_up(attempt, work, ports) if attempt.method == RECOVERY_CODES else None
    store = work.writing()
    account = account_behind(_challenge(attempt, store, ports), store)
    challenge = _challenge(attempt, store, ports)  # as it is under the lock: a passed one judges nothing any more
    around = _around(attempt, challenge, store, ports)
    refuse_around(around, store, ports)
    try:
        strength = _strength(attempt, _Found(challenge, account, on_paper), work, ports)
    except CodeWrongError as error:
        work.record(SignInFailed(account.user_id, _REASONS[attempt.kind], error.failures))
        count_around(around, work, ports)
        raise
    if not store.challenges.pass_(challenge.id, ports.clock.now()):
        raise NotFoundError
    if account.must_verify_contact:
        account = _verified_afresh(account, attempt.method, work, ports)
    return Passed(challenge, account, strength)


def _around(attempt: Attempt, challenge: Challenge, store: Store, ports: Ports) -> tuple[Barrier, ...]:
    return barriers_around(attempt.whereabouts, device_behind(challenge, store), ports)


def _verified_afresh(account: Account, contact_id: str, work: UnitOfWork[Store], ports: Ports) -> Account:
    """Once reactivated, the code that came back shows that the address is still its owner's (IDN-13)."""
    contact = next(each for each in account.contacts if each.id == contact_id)
    verified = account.with_contact(replace(contact, verified_at=ports.clock.now()))
    work.writing().accounts.save(verified)
    work.record(ContactVerified(account.user_id, contact.id, contact.kind, contact.value))
    return verified


def _strength(attempt: Attempt, found: _Found, work: UnitOfWork[Store], ports: Ports) -> Strength:
    """How strong what came is, if it is right."""
    account = found.account
    tries = Tries(account, work, ports, found.challenge)
    tries.open()
    if account.must_verify_contact:
        return _by_message(attempt, account, work, ports)
    if attempt.method == PASSKEYS:
        return _by_passkey(attempt, found.challenge, tries, work, ports)
    if attempt.method == RECOVERY_CODES:
        return _by_paper(found.on_paper, account, tries, work, ports)
    app = work.writing().authenticators.get(account.user_id, attempt.method)
    if app is not None and app.confirmed_at is not None:
        return _by_app(app, attempt.typed, tries, work, ports)
    return _by_message(attempt, account, work, ports)


def _challenge(attempt: Attempt, store: Store, ports: Ports) -> Challenge:
    challenge = find_challenge(attempt.challenge, attempt.secret, attempt.kind, store, ports)
    if challenge.session_id != attempt.session_id:
        raise NotFoundError
    return challenge


def _by_message(attempt: Attempt, account: Account, work: UnitOfWork[Store], ports: Ports) -> Strength:
    redemption = Redemption(
        typed_for=account.user_id,
        account=account,
        purpose=_PURPOSES[attempt.kind],
        typed=attempt.typed,
        contact_id=attempt.method,
        challenge_id=attempt.challenge,
    )
    redeem_code(redemption, work, ports)
    number = next((each for each in account.contacts if each.id == attempt.method), None)
    return TEXT_CODE if number and number.kind is ContactKind.MOBILE else EMAIL_CODE


def _by_app(app: Authenticator, typed: str, tries: Tries, work: UnitOfWork[Store], ports: Ports) -> Strength:
    now = ports.clock.now()
    secret = ports.authenticator_secrets.open(app.id, app.sealed_secret)
    step = matching_step(secret, digits_of(typed), now, app.used_step)
    if step is None:
        raise tries.failed("This is not the code that the app shows now.")
    work.writing().authenticators.save(app.used(step, now))
    tries.succeeded()
    return APP_CODE


def _by_passkey(
    attempt: Attempt, challenge: Challenge, tries: Tries, work: UnitOfWork[Store], ports: Ports
) -> Strength:
    store, answer = work.writing(), attempt.assertion or {}
    credential_id = ports.passkey_proofs.credential_id(answer)
    held = store.passkeys.of(challenge.user_id)
    passkey = next((each for each in held if each.credential.id == credential_id), None)
    assertion = signed_by(passkey, answer, challenge.passkey_challenge, work, ports)
    verified = assertion is not None and (assertion.user_verified or _rests_on_password(challenge, store))
    if passkey is None or assertion is None or not verified:
        raise tries.failed("This is not the signature of one of your passkeys.", "/assertion")
    note_use(passkey, assertion, work, ports)
    tries.succeeded()
    return PASSWORD_AND_PASSKEY


def _rests_on_password(challenge: Challenge, store: Store) -> bool:
    """Whether a password was given before this; if not, a key that anybody can use proves too little."""
    session = store.sessions.get(challenge.session_id) if challenge.session_id else None
    return session is None or "pwd" in session.strength.amr


def _looked_up(attempt: Attempt, work: UnitOfWork[Store], ports: Ports) -> RecoveryCode | None:
    """The recovery code that was typed, used or not, found by its slow hash before anything is locked (IDN-16)."""
    typed = read(attempt.typed)
    with work.reading() as store:
        challenge = _challenge(attempt, store, ports)
        kept = store.recovery_codes.of(challenge.user_id)
        held_back = wait_for(_around(attempt, challenge, store, ports), store, ports)
        tried_too_often = held_back or Tries.blocked(challenge, store, ports)
    if typed is None or tried_too_often:
        return None
    found = next((each for each in kept if each.number == typed.number), None)
    return found if found and ports.hasher.verify(found.hash, typed.letters) else None


def _by_paper(
    code: RecoveryCode | None, account: Account, tries: Tries, work: UnitOfWork[Store], ports: Ports
) -> Strength:
    codes = work.writing().recovery_codes
    is_good = code is not None and code in codes.of(account.user_id) and code.used_at is None
    if code is None or not is_good or not codes.use(account.user_id, code.number, ports.clock.now()):
        raise tries.failed("This is not one of your recovery codes, or it was used before.")
    tries.succeeded()
    return RECOVERY_CODE
