"""Sign in by passkey alone: no user ID is typed, the passkey says whose it is (IDN-1, IDN-3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import NoReturn

from chassis.kernel.errors import NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.complete_sign_in import complete_sign_in
from services.identity.application.passkey_desk import new_challenge, note_use, signed_by
from services.identity.application.passkey_ports import Json
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import Opening
from services.identity.application.sign_in_steps import PasskeyAsked, PasswordChangeRequired, SignedIn, ToBeCarriedOn
from services.identity.application.step_throttle import Tries
from services.identity.domain.accounts import Account, State
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.errors import AccountDisabledError, SignInFailedError
from services.identity.domain.events import SignInFailed
from services.identity.domain.passkeys import Passkey, PasskeySignIn
from services.identity.domain.sessions import PASSKEY

_REFUSED = "This passkey does not sign in here: use your user ID and password."


@dataclass(frozen=True, slots=True)
class BeginPasskeySignIn(Command):
    """At which site."""

    site: str


@dataclass(frozen=True, slots=True)
class SignInWithPasskey(Command):
    """The browser's answer; `authorization` is the handle of what a client asked for, where a site is signed in to."""

    challenge: str
    secret: str | None
    assertion: Json
    authorization: str | None = None
    whereabouts: Whereabouts = NOWHERE


def begin_passkey_sign_in(command: BeginPasskeySignIn, work: UnitOfWork[Store], ports: Ports) -> PasskeyAsked:
    """Ask for a signature by any passkey that is found, of an owner who is verified; it is the same for everybody."""
    now, secret = ports.clock.now(), ports.randomness.token()
    sign_in = PasskeySignIn(
        id=str(new_id()),
        secret_hash=ports.digests.of_token(secret),
        site=command.site,
        challenge=new_challenge(ports),
        created_at=now,
        expires_at=now + ports.rules.challenge,
    )
    work.writing().passkey_sign_ins.add(sign_in)
    options = ports.passkey_proofs.request(sign_in.challenge, [], verify_user=True)
    return PasskeyAsked(sign_in.id, secret, options)


def sign_in_with_passkey(
    command: SignInWithPasskey, work: UnitOfWork[Store], ports: Ports
) -> SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """Take the answer, which spends the challenge whether it is right or not.

    Raises `NotFoundError` for a challenge that is over or another client's, `SignInFailedError` for every answer that
    does not sign in, in the same words, `AccountDisabledError` after a right one alone, `TooManyAttemptsError` while
    the account's second steps are locked, and what `complete_sign_in` raises.
    """
    sign_in = _spent(command, work.writing(), ports)
    found = _found(command.assertion, work.writing(), ports)
    if found is None:
        raise SignInFailedError(_REFUSED)
    account, passkey = found
    tries = Tries(account, work, ports)
    tries.open()
    assertion = signed_by(passkey, command.assertion, sign_in.challenge, work, ports)
    if assertion is None or not passkey.signs_in_alone(assertion):
        _refuse(account, tries, work)
    if account.state is not State.ACTIVE:
        raise AccountDisabledError
    if account.must_verify_contact:  # once reactivated, only a code to its address lets its owner in (IDN-13)
        raise SignInFailedError(_REFUSED)
    note_use(passkey, assertion, work, ports)
    tries.succeeded()
    opening = Opening(account, sign_in.site, PASSKEY, command.secret, command.whereabouts)
    return complete_sign_in(opening, command.authorization, work, ports)


def _spent(command: SignInWithPasskey, store: Store, ports: Ports) -> PasskeySignIn:
    sign_in = store.passkey_sign_ins.get(command.challenge)
    presented = ports.digests.of_token(command.secret or "")
    if sign_in is None or not hmac.compare_digest(presented, sign_in.secret_hash):
        raise NotFoundError
    if sign_in.expires_at <= ports.clock.now() or not store.passkey_sign_ins.spend(sign_in.id):
        raise NotFoundError
    return sign_in


def _found(assertion: Json, store: Store, ports: Ports) -> tuple[Account, Passkey] | None:
    """Whose passkey it is said to be, as it stands once the account is locked."""
    credential_id = ports.passkey_proofs.credential_id(assertion)
    claimed = store.passkeys.of_credential(credential_id) if credential_id else None
    account = store.accounts.for_update(claimed.user_id) if claimed else None
    passkey = store.passkeys.get(claimed.user_id, claimed.id) if claimed else None
    if account is None or passkey is None or account.state is State.REMOVED:
        return None
    return account, passkey


def _refuse(account: Account, tries: Tries, work: UnitOfWork[Store]) -> NoReturn:
    failed = tries.failed(_REFUSED)
    work.record(SignInFailed(account.user_id, "passkey", failed.failures))
    raise SignInFailedError(_REFUSED)
