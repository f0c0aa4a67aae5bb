"""Add an authenticator app: its secret is shown once, and counts once a first code shows that it arrived (IDN-3)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.domain.authenticators import MOST, Authenticator, AuthenticatorKind, name_taken_up
from services.identity.domain.codes import digits_of
from services.identity.domain.errors import CodeWrongError, TooManyAuthenticatorsError
from services.identity.domain.events import AuthenticatorAdded
from services.identity.domain.totp import SECRET_BYTES, key_text, matching_step, otpauth_uri


@dataclass(frozen=True, slots=True)
class BeginAuthenticator(Command):
    """What its owner calls it."""

    user_id: str
    session_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Begun:
    """An authenticator that waits for its first code; `secret` is what `otpauth_uri` says, to be typed."""

    id: str
    kind: AuthenticatorKind
    name: str
    secret: str
    otpauth_uri: str


@dataclass(frozen=True, slots=True)
class ConfirmAuthenticator(Command):
    """The first code, as typed."""

    user_id: str
    session_id: str
    authenticator: str
    code: str


def begin_authenticator(command: BeginAuthenticator, work: UnitOfWork[Store], ports: Ports) -> Begun:
    """Make a secret; what was begun before and not confirmed is dropped.

    Raises `InvalidError`, `TooManyAuthenticatorsError`, and what `fresh_account` raises.
    """
    name = name_taken_up(command.name)
    store = work.writing()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    if len(store.authenticators.of(account.user_id)) >= MOST:
        raise TooManyAuthenticatorsError
    authenticator_id, secret = str(new_id()), ports.randomness.octets(SECRET_BYTES)
    begun = Authenticator(
        id=authenticator_id,
        user_id=account.user_id,
        kind=AuthenticatorKind.TOTP,
        name=name,
        sealed_secret=ports.authenticator_secrets.seal(authenticator_id, secret),
        created_at=ports.clock.now(),
    )
    store.authenticators.begin(begun)
    uri = otpauth_uri(secret, ports.rules.app_name, account.user_id)
    return Begun(begun.id, begun.kind, begun.name, key_text(secret), uri)


def confirm_authenticator(command: ConfirmAuthenticator, work: UnitOfWork[Store], ports: Ports) -> Authenticator:
    """Let it count, once; its first code is spent by that.

    Raises `CodeWrongError`, `NotFoundError` for one that is confirmed, replaced, too old or somebody else's, and what
    `fresh_account` raises.
    """
    store, now = work.writing(), ports.clock.now()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    begun = store.authenticators.get(account.user_id, command.authenticator)
    if begun is None or not begun.awaits_code_at(now):
        raise NotFoundError
    secret = ports.authenticator_secrets.open(begun.id, begun.sealed_secret)
    step = matching_step(secret, digits_of(command.code), now, None)
    if step is None:
        raise CodeWrongError(1, "This is not the code that the app shows now.")
    confirmed = begun.confirmed(step, now)
    store.authenticators.save(confirmed)
    work.record(AuthenticatorAdded(confirmed))
    return confirmed
