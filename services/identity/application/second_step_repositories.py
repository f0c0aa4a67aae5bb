"""Where what passes a second step is kept, besides contacts and the codes that are sent to them (IDN-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.domain.authenticators import Authenticator, AuthenticatorKind
from services.identity.domain.passkeys import Enrolment, Passkey, PasskeySignIn
from services.identity.domain.recovery_codes import RecoveryCode


@dataclass(frozen=True, slots=True)
class App:
    """An authenticator as it is offered."""

    id: str
    kind: AuthenticatorKind
    name: str


@dataclass(frozen=True, slots=True)
class Means:
    """What an account can pass a second step by, besides its contacts: passkeys, suspended ones too, and confirmed
    authenticators, both oldest first, and how many recovery codes are good.
    """

    passkeys: Sequence[Passkey]
    apps: Sequence[App]
    recovery_codes: int


class SecondSteps(Protocol):
    """All of it together."""

    def of(self, user_id: str) -> Means:
        """The account's, in one word with the database."""


class Authenticators(Protocol):
    """Authenticators, confirmed or not; whoever changes one holds the lock of its account."""

    def get(self, user_id: str, authenticator_id: str) -> Authenticator | None:
        """That account's authenticator."""

    def of(self, user_id: str) -> Sequence[Authenticator]:
        """The account's confirmed ones, oldest first."""

    def begin(self, authenticator: Authenticator) -> None:
        """Keep a new one, in place of any other of the account that was begun and not confirmed."""

    def save(self, authenticator: Authenticator) -> None:
        """Keep its name, and when it was confirmed and used."""

    def remove(self, user_id: str, authenticator_id: str) -> None:
        """Forget it."""

    def purge(self, begun_before: datetime) -> int:
        """Drop what was begun before and never confirmed; returns how many."""


class RecoveryCodes(Protocol):
    """Recovery codes, a set for each account; whoever changes them holds the lock of the account."""

    def of(self, user_id: str) -> Sequence[RecoveryCode]:
        """The account's, used ones too, in order."""

    def replace(self, user_id: str, codes: Sequence[RecoveryCode]) -> None:
        """Keep this set and no other."""

    def use(self, user_id: str, number: int, now: datetime) -> bool:
        """Mark one as used; False where it was already."""


class Passkeys(Protocol):
    """Passkeys, and those that were begun; whoever changes one holds the lock of its account."""

    def get(self, user_id: str, passkey_id: str) -> Passkey | None:
        """That account's passkey."""

    def of(self, user_id: str) -> Sequence[Passkey]:
        """The account's, suspended ones too, oldest first."""

    def of_credential(self, credential_id: str) -> Passkey | None:
        """Whoever's passkey has that credential."""

    def begin(self, enrolment: Enrolment) -> None:
        """Keep it, in place of any other that was begun for the account."""

    def begun(self, user_id: str, passkey_id: str) -> Enrolment | None:
        """That account's enrolment."""

    def add(self, passkey: Passkey) -> bool:
        """Keep what an enrolment became, and drop the enrolment; False where its credential is known already."""

    def save(self, passkey: Passkey) -> None:
        """Keep its name, its count, and when it was used and suspended."""

    def remove(self, user_id: str, passkey_id: str) -> None:
        """Forget it."""

    def purge(self, begun_before: datetime) -> int:
        """Drop enrolments that were begun before; returns how many."""


class PasskeySignIns(Protocol):
    """Sign-ins by passkey alone, under way."""

    def add(self, sign_in: PasskeySignIn) -> None:
        """Keep a new one."""

    def get(self, sign_in_id: str) -> PasskeySignIn | None:
        """The one that was not spent."""

    def spend(self, sign_in_id: str) -> bool:
        """Forget it; False where it was spent already."""

    def purge(self, expired_before: datetime) -> int:
        """Drop what expired before; returns how many."""
