"""How a browser gets from a site to a session and back with a code: each step once, for that browser (IDN-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.identity.domain.risk import NO_RISK, Risk
from services.identity.domain.sessions import Strength


@dataclass(frozen=True, slots=True)
class OpenIdRules:
    """How long each step may take: signing in, following its end, redeeming the code; and how long one is remembered
    that was redeemed, so that a second use of it is known for what it is.
    """

    request: timedelta = timedelta(minutes=30)
    ticket: timedelta = timedelta(seconds=60)
    code: timedelta = timedelta(seconds=60)
    remembered: timedelta = timedelta(minutes=10)
    id_token: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """What a client asked for, kept while the person signs in; `digest` is of the handle that the address names,
    `browser_digest` of the cookie that the browser holds.
    """

    digest: str
    browser_digest: str
    client_id: str
    parameters: Mapping[str, str]
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTicket:
    """Somebody passed every step of the sign-in that a kept request waits for; the browser brings this to go on."""

    digest: str
    request_digest: str
    user_id: str
    strength: Strength
    authenticated_at: datetime
    expires_at: datetime
    risk: Risk = NO_RISK


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode:
    """A code as it is kept: for one client, one redirect URI and one session; `code_challenge` is S256's."""

    digest: str
    client_id: str
    session_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str | None
    code_challenge: str | None
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RedeemedCode:
    """A code that brought tokens of a session; a second use before `forget_at` ends that session."""

    digest: str
    client_id: str
    session_id: str
    forget_at: datetime
