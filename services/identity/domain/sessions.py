"""Sessions: how strongly somebody signed in, and until when that holds (IDN-10, IDN-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

API_CLIENT = "wardenry-api"
"""The client that signs in here itself, without OpenID Connect: whoever talks to the API alone."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How somebody was recognised: the class (`acr`) and the means (`amr`, RFC 8176) that tokens tell."""

    acr: str
    amr: tuple[str, ...]

    def after(self, began: Strength) -> Strength:
        """As strong as this second step within a session; no password is claimed where it was begun by passkey."""
        if "pwd" in began.amr:
            return self
        return Strength(self.acr, tuple(dict.fromkeys("pop" if means == "pwd" else means for means in self.amr)))


EMAIL_CODE = Strength("urn:wardenry:acr:email-code", ("pwd", "otp", "email"))
"""Password and a code by e-mail: two steps, but no second authenticator, hence neither `mfa` nor a higher class."""

TEXT_CODE = Strength("urn:wardenry:acr:text-code", ("pwd", "otp", "sms"))
"""Password and a code by text message (RFC 8176's `sms`): something that its owner has, but numbers can be taken over
(NIST SP 800-63B-4 restricts it), hence a class of its own below an app's, and no `mfa`.
"""

APP_CODE = Strength("urn:wardenry:acr:app-code", ("pwd", "otp", "mfa"))
"""Password and a code of an authenticator app: something known and something that only its owner has."""

RECOVERY_CODE = Strength("urn:wardenry:acr:recovery-code", ("pwd", "otp"))
"""Password and a code off paper, which may lie anywhere: a class of its own, below an app's, and no `mfa`."""

_PASSKEY_ACR = "urn:wardenry:acr:passkey"

PASSWORD_AND_PASSKEY = Strength(_PASSKEY_ACR, ("pwd", "pop", "mfa"))
"""Password and a signature by a key that its owner alone has, which no other site can have asked for."""

PASSKEY = Strength(_PASSKEY_ACR, ("pop", "user", "mfa"))
"""The same kind of signature alone, by an authenticator that verified its owner: something had and something known."""

TRUSTED_DEVICE = Strength("urn:wardenry:acr:trusted-device", ("pwd",))
"""Password on a device whose owner passed a second step there before: below all that pass one now (IDN-4)."""

STRENGTHS = (TRUSTED_DEVICE, EMAIL_CODE, TEXT_CODE, RECOVERY_CODE, APP_CODE, PASSKEY)
"""One for each class there is."""


class EndReason(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    REFRESH_TOKEN_REUSED = "refresh_token_reused"  # noqa: S105 -- a reason, not a token
    CODE_REUSED = "authorization_code_reused"
    REPLACED = "replaced"
    PASSWORD_RECOVERED = "password_recovered"  # noqa: S105 -- a reason, not a password
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_REMOVED = "account_removed"
    ENDED_BY_SUPPORT = "ended_by_support"
    PASSWORD_RESET = "password_reset"  # noqa: S105 -- a reason, not a password
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- a reason, not a password
    CONTACT_CHANGE_UNDONE = "contact_change_undone"
    CONTACTS_REPLACED = "contacts_replaced"


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lasts: idle, at most, and how long one access token speaks for it."""

    idle: timedelta = timedelta(minutes=15)
    most: timedelta = timedelta(hours=12)
    access_token: timedelta = timedelta(minutes=5)
    leeway: timedelta = timedelta(minutes=1)
    fresh_step: timedelta = timedelta(minutes=5)

    def remember_until(self, now: datetime) -> datetime:
        """Until when other services must know that a session ended: no token of it verifies afterwards."""
        return now + self.access_token + self.leeway


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An account, signed in: in a browser, for every client that it signs in to there, or in one program of the API's.

    It is used when tokens or codes are made for it and when its owner extends it. `authenticated_at` is when its
    owner last showed who they are, by a second step unless a trusted device stood for it.
    """

    id: str
    user_id: str
    site: str
    strength: Strength
    started_at: datetime
    authenticated_at: datetime
    used_at: datetime
    ends_at: datetime
    address: str | None = None
    ended_at: datetime | None = None
    ended_because: EndReason | None = None

    def idle_ends_at(self, rules: SessionRules) -> datetime:
        """When it ends if it is not used until then."""
        return min(self.used_at + rules.idle, self.ends_at)

    def is_alive_at(self, now: datetime, rules: SessionRules) -> bool:
        """Whether it still speaks for its owner."""
        return self.ended_at is None and now < self.idle_ends_at(rules)

    def is_fresh_at(self, now: datetime, rules: SessionRules) -> bool:
        """Whether its owner passed a second step so lately that they may change second steps and the like (IDN-3)."""
        return self.strength != TRUSTED_DEVICE and now <= self.fresh_until(rules)

    def fresh_until(self, rules: SessionRules) -> datetime:
        """When that is over, or would have begun where none was passed."""
        passed = self.strength != TRUSTED_DEVICE
        return self.authenticated_at + rules.fresh_step if passed else self.authenticated_at


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token as it is kept: the SHA-256 of 256 random bits; those that replaced one another are a family."""

    digest: str
    family_id: str
    session_id: str
    client_id: str
    issued_at: datetime
    expires_at: datetime
    scopes: tuple[str, ...] = ()
    used_at: datetime | None = None
