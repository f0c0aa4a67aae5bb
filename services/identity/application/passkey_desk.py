"""Asks an account's passkeys for a signature, and takes one as its second step (IDN-3)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.work import UnitOfWork
from services.identity.application.passkey_ports import Json
from services.identity.application.ports import Ports, Store
from services.identity.domain.events import AuthenticatorSuspended
from services.identity.domain.passkeys import CHALLENGE_BYTES, Assertion, Passkey


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that was not there before, and the options that put it to the browser."""

    challenge: str
    options: Json


def new_challenge(ports: Ports) -> str:
    """256 random bits in base64url."""
    return in_text(ports.randomness.octets(CHALLENGE_BYTES))


def in_text(octets: bytes) -> str:
    """Base64url without padding, as WebAuthn's JSON has it."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def ask_passkeys(passkeys: Sequence[Passkey], ports: Ports) -> Asked | None:
    """Ask for a signature by one of these that are good; None where there are none."""
    good = [each.credential for each in passkeys if each.is_good]
    if not good:
        return None
    challenge = new_challenge(ports)
    return Asked(challenge, ports.passkey_proofs.request(challenge, good, verify_user=False))


def signed_by(
    passkey: Passkey | None, answer: Json, challenge: str | None, work: UnitOfWork[Store], ports: Ports
) -> Assertion | None:
    """What a passkey of the locked account has signed, if it is good and no copy; a copied one is suspended."""
    if passkey is None or challenge is None or not passkey.is_good:
        return None
    assertion = ports.passkey_proofs.asserted(answer, challenge, passkey.credential)
    if assertion is None or not passkey.is_copied(assertion):
        return assertion
    suspended = passkey.suspended(ports.clock.now())
    work.writing().passkeys.save(suspended)
    work.record(AuthenticatorSuspended(suspended))
    return None


def note_use(passkey: Passkey, assertion: Assertion, work: UnitOfWork[Store], ports: Ports) -> None:
    """Remember its count, and that it was used."""
    work.writing().passkeys.save(passkey.used(assertion, ports.clock.now()))
