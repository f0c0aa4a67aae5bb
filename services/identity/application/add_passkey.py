"""Add a passkey or security key: the browser is asked for a new key, which counts once it came (IDN-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.passkey_desk import in_text, new_challenge
from services.identity.application.passkey_ports import Json
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.domain.authenticators import MOST, AuthenticatorKind, name_taken_up
from services.identity.domain.errors import PasskeyKnownError, PasskeyWrongError, TooManyAuthenticatorsError
from services.identity.domain.events import AuthenticatorAdded
from services.identity.domain.passkeys import HANDLE_BYTES, Enrolment, Passkey


@dataclass(frozen=True, slots=True)
class BeginPasskey(Command):
    """What its owner calls it."""

    user_id: str
    session_id: str
    name: str


@dataclass(frozen=True, slots=True)
class BegunPasskey:
    """A passkey that waits for its key; `options` is what the browser is asked."""

    id: str
    kind: AuthenticatorKind
    name: str
    options: Json


@dataclass(frozen=True, slots=True)
class ConfirmPasskey(Command):
    """The browser's answer."""

    user_id: str
    session_id: str
    authenticator: str
    attestation: Json


def begin_passkey(command: BeginPasskey, work: UnitOfWork[Store], ports: Ports) -> BegunPasskey:
    """Ask for a key, which no authenticator makes that has one of the account's; what was begun before is dropped.

    Raises `InvalidError`, `TooManyAuthenticatorsError`, and what `fresh_account` raises.
    """
    name = name_taken_up(command.name)
    store = work.writing()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    held = store.passkeys.of(account.user_id)
    if len(held) >= MOST:
        raise TooManyAuthenticatorsError
    enrolment = Enrolment(
        id=str(new_id()),
        user_id=account.user_id,
        name=name,
        user_handle=_handle(held, ports),
        challenge=new_challenge(ports),
        created_at=ports.clock.now(),
    )
    store.passkeys.begin(enrolment)
    options = ports.passkey_proofs.creation(account, enrolment, [each.credential for each in held])
    return BegunPasskey(enrolment.id, AuthenticatorKind.PASSKEY, enrolment.name, options)


def confirm_passkey(command: ConfirmPasskey, work: UnitOfWork[Store], ports: Ports) -> Passkey:
    """Let it count, once.

    Raises `PasskeyWrongError`, `PasskeyKnownError`, `NotFoundError` for one that is confirmed, replaced, too old or
    somebody else's, and what `fresh_account` raises.
    """
    store, now = work.writing(), ports.clock.now()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    enrolment = store.passkeys.begun(account.user_id, command.authenticator)
    if enrolment is None or not enrolment.is_open_at(now):
        raise NotFoundError
    credential = ports.passkey_proofs.created(command.attestation, enrolment.challenge)
    if credential is None:
        raise PasskeyWrongError
    passkey = Passkey(
        id=enrolment.id,
        user_id=account.user_id,
        name=enrolment.name,
        user_handle=enrolment.user_handle,
        credential=credential,
        created_at=now,
    )
    if not store.passkeys.add(passkey):
        raise PasskeyKnownError
    work.record(AuthenticatorAdded(passkey))
    return passkey


def _handle(held: Sequence[Passkey], ports: Ports) -> str:
    """The account's user handle: one for all of its passkeys, as authenticators expect."""
    return held[0].user_handle if held else in_text(ports.randomness.octets(HANDLE_BYTES))
