"""Passkeys and security keys: key pairs whose private half stays with their owner (IDN-3, WebAuthn Level 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.identity.domain.authenticators import ENROLMENT, AuthenticatorKind

HANDLE_BYTES: Final = 32
"""Of the user handle: random, so that a passkey tells whoever finds it nothing of its owner (section 14.6.1)."""

CHALLENGE_BYTES: Final = 32

LONGEST_CREDENTIAL: Final = 1364
"""Characters of base64url: 1 023 bytes, the most that a credential's identifier has (section 5.1)."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What the authenticator gave to be kept: identifier and public key (COSE) in base64url, and how to reach it.

    `sign_count` is how often it says that it has signed; 0 where it does not count. `verifies_user` says whether it
    has shown, beside another proof, that it asks its owner for a finger, a face or a PIN.
    """

    id: str
    public_key: str
    sign_count: int
    verifies_user: bool
    transports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a signature that is right says besides."""

    user_handle: str | None
    user_verified: bool
    sign_count: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A passkey that was begun and waits for its key; an account has one at most."""

    id: str
    user_id: str
    name: str
    user_handle: str
    challenge: str
    created_at: datetime

    def is_open_at(self, now: datetime) -> bool:
        """Whether the key may still come."""
        return now < self.created_at + ENROLMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One passkey or security key. It passes nothing once suspended: somebody else may have it, too."""

    id: str
    user_id: str
    name: str
    user_handle: str
    credential: Credential
    created_at: datetime
    used_at: datetime | None = None
    suspended_at: datetime | None = None

    @property
    def kind(self) -> AuthenticatorKind:
        """What it is."""
        return AuthenticatorKind.PASSKEY

    @property
    def is_good(self) -> bool:
        """Whether it passes anything."""
        return self.suspended_at is None

    def is_copied(self, assertion: Assertion) -> bool:
        """Whether another one signs with the same key, as a count that does not grow shows (section 6.1.1)."""
        counts = assertion.sign_count or self.credential.sign_count
        return bool(counts) and assertion.sign_count <= self.credential.sign_count

    def signs_in_alone(self, assertion: Assertion) -> bool:
        """Whether it stands for both steps: as its owner's, found by their handle, who was verified now and before.

        A key that nobody had to unlock when it was added could be given a PIN by whoever found it.
        """
        is_its_owners = assertion.user_handle == self.user_handle
        return is_its_owners and assertion.user_verified and self.credential.verifies_user

    def used(self, assertion: Assertion, now: datetime) -> Passkey:
        """After it signed beside another proof, or alone."""
        verifies = self.credential.verifies_user or assertion.user_verified
        credential = replace(self.credential, sign_count=assertion.sign_count, verifies_user=verifies)
        return replace(self, credential=credential, used_at=now)

    def suspended(self, now: datetime) -> Passkey:
        """Once a copy of it has turned up."""
        return replace(self, suspended_at=now)


@dataclass(frozen=True, slots=True)
class PasskeySignIn:
    """A sign-in by passkey alone, of nobody yet: bound to its client by `secret_hash`, good for one answer."""

    id: str
    secret_hash: str
    site: str
    challenge: str
    created_at: datetime
    expires_at: datetime
