"""What a sign-in answers at each of its steps (IDN-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from services.identity.application.code_ways import Withheld
from services.identity.application.passkey_ports import Json


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pass the second step; `hint` shows which address or device it is, masked."""

    id: str
    kind: str
    hint: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The ways to pass the second step, and those that there would be, and why they are not offered now."""

    methods: tuple[Method, ...]
    not_offered: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The password was right: now one of these methods, within a flow that only `challenge_secret` carries on.

    `reason` says why more is asked, and of a risk `risk_reasons` what it is the sum of; `passkey_options` is what the
    browser is asked where the account has passkeys.
    """

    state: ClassVar[str] = "second_step"
    challenge: str
    challenge_secret: str
    methods: tuple[Method, ...]
    reason: str
    passkey_options: Json | None = None
    risk_reasons: tuple[str, ...] = ()
    not_offered: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True)
class PasskeyAsked:
    """Nobody yet: the browser is asked for any passkey, within a flow that only `challenge_secret` carries on."""

    state: ClassVar[str] = "passkey"
    challenge: str
    challenge_secret: str
    passkey_options: Json


@dataclass(frozen=True, slots=True)
class ConfirmRequired:
    """The password was right, and the e-mail address is still to be confirmed (REG-9)."""

    state: ClassVar[str] = "confirm_required"


@dataclass(frozen=True, slots=True)
class PasswordChangeRequired:
    """Every step is passed, the first one by a temporary password: now one of their own, in the flow of this name, for
    the client that has its secret (IDN-8).
    """

    state: ClassVar[str] = "password_change_required"
    challenge: str
    challenge_secret: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """There is a session, and these are its tokens; `expires_in` is in seconds, `scope` what was granted by name,
    `device_token` what a device that was remembered brings next time.
    """

    state: ClassVar[str] = "signed_in"
    token_type: ClassVar[str] = "Bearer"  # noqa: S105 -- RFC 6750's word, not a token
    access_token: str
    expires_in: int
    refresh_token: str
    scope: str = ""
    device_token: str | None = None


@dataclass(frozen=True, slots=True)
class ToBeCarriedOn:
    """Every step is passed, and the browser that began is to go to `continue_to`, a path at the issuer (IDN-11)."""

    state: ClassVar[str] = "signed_in"
    continue_to: str
    device_token: str | None = None
