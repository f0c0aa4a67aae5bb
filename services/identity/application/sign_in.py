"""Sign in, first step: user ID and password, and the last one on a trusted device (IDN-1, IDN-4)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.attempts import Attempt
from services.identity.application.complete_sign_in import complete_sign_in
from services.identity.application.device_desk import risk_of
from services.identity.application.passkey_desk import ask_passkeys
from services.identity.application.password_gate import Admitted, pass_gate
from services.identity.application.ports import Ports, Store
from services.identity.application.second_steps import methods_of
from services.identity.application.session_desk import Opening
from services.identity.application.sign_in_steps import (
    ConfirmRequired,
    PasswordChangeRequired,
    SecondStep,
    SignedIn,
    ToBeCarriedOn,
)
from services.identity.domain.accounts import State
from services.identity.domain.challenges import Challenge, ChallengeKind
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.errors import AccountDisabledError, AccountLockedError
from services.identity.domain.risk import Risk
from services.identity.domain.sessions import TRUSTED_DEVICE

NOT_TRUSTED = "device_not_trusted"
"""Why a second step is asked for: this device is not remembered, or not any more (IDN-4)."""

CHANGED = "account_changed"
"""Why: password or contacts have changed since a second step was last passed on it."""

RISK = "risk"
"""Why: the sign-in is too unusual for it to be skipped."""


@dataclass(frozen=True, slots=True)
class SignIn(Command):
    """User ID and password as typed; `device_token` of a device that was remembered.

    `authorization` is the handle of what a client asked for, where somebody signs in for a site.
    """

    user_id: str
    password: str
    site: str
    whereabouts: Whereabouts = NOWHERE
    device_token: str | None = None
    authorization: str | None = None


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Why more is asked, and how unusual the sign-in is."""

    reason: str
    risk: Risk


def sign_in(
    command: SignIn, work: UnitOfWork[Store], ports: Ports
) -> SecondStep | ConfirmRequired | SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """Begin the second step, or skip it on a trusted device.

    Raises what `pass_gate` and `complete_sign_in` raise, and `AccountDisabledError` or `AccountLockedError` after the
    right password.
    """
    attempt = Attempt(command.user_id, command.password, command.whereabouts, command.device_token)
    admitted = pass_gate(attempt, work, ports)
    account = admitted.account
    if account.state is State.UNCONFIRMED:
        return ConfirmRequired()
    if account.state is State.LOCKED:
        raise AccountLockedError
    if account.state is not State.ACTIVE:
        raise AccountDisabledError
    risk = risk_of(account, admitted.failures, command.whereabouts, work.writing(), ports)
    reason = _why_more(admitted, risk, ports)
    if reason is not None:
        return _challenged(command, admitted, _Doubt(reason, risk), work, ports)
    return _let_in(command, admitted, risk, work, ports)


def _why_more(admitted: Admitted, risk: Risk, ports: Ports) -> str | None:
    account, device = admitted.account, admitted.device
    if device is None or account.has_temporary_password:
        return NOT_TRUSTED
    if account.outdates(device.confirmed_at) or account.must_verify_contact:
        return CHANGED
    return RISK if risk.score >= ports.rules.risk.threshold else None


def _let_in(
    command: SignIn, admitted: Admitted, risk: Risk, work: UnitOfWork[Store], ports: Ports
) -> SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    store, whereabouts = work.writing(), command.whereabouts
    opening = Opening(admitted.account, command.site, TRUSTED_DEVICE, whereabouts=whereabouts, risk=risk)
    done = complete_sign_in(opening, command.authorization, work, ports)
    if admitted.device is not None:
        store.devices.save(admitted.device.used(whereabouts, ports.clock.now()))
    return done


def _challenged(
    command: SignIn, admitted: Admitted, doubt: _Doubt, work: UnitOfWork[Store], ports: Ports
) -> SecondStep:
    store, now, secret, account = work.writing(), ports.clock.now(), ports.randomness.token(), admitted.account
    means = store.second_steps.of(account.user_id)
    asked = ask_passkeys(means.passkeys, ports)
    challenge = Challenge(
        id=str(new_id()),
        kind=ChallengeKind.SIGN_IN,
        user_id=account.user_id,
        secret_hash=ports.digests.of_token(secret),
        site=command.site,
        reason=doubt.reason,
        created_at=now,
        expires_at=now + ports.rules.challenge,
        passkey_challenge=asked.challenge if asked else None,
        device_id=admitted.device.id if admitted.device else None,
        risk=doubt.risk,
    )
    store.challenges.add(challenge)
    offer = methods_of(account, means, store, ports)
    return SecondStep(
        challenge=challenge.id,
        challenge_secret=secret,
        methods=offer.methods,
        reason=doubt.reason,
        passkey_options=asked.options if asked else None,
        risk_reasons=doubt.risk.reasons if doubt.reason == RISK else (),
        not_offered=offer.not_offered,
    )
