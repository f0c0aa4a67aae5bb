"""Access tokens: what stands in them, and how each service verifies them by itself (IDN-12, RFC 9068)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError

from chassis.kernel.clock import Clock
from chassis.kernel.errors import NotSignedInError
from chassis.kernel.ids import new_id
from chassis.security.callers import Bearer, Caller, ClientCaller
from chassis.security.signing import ED25519_ONLY, public_key

AUDIENCE = "wardenry-api"
TOKEN_TYPE = "at+jwt"  # noqa: S105 -- the media type of such a token
LIFETIME = timedelta(minutes=5)
LEEWAY = timedelta(seconds=10)
_LONGEST = 4096
_LONGEST_KID = 64

KeyOf = Callable[[str], Mapping[str, Any] | None]
"""Finds the public JWK of a `kid`, None for one that is unknown or over."""

IsEnded = Callable[[str], bool]
"""Tells whether a session has ended."""


def claims_of(bearer: Bearer, *, issuer: str, now: datetime, lifetime: timedelta = LIFETIME) -> dict[str, Any]:
    """The claims of a new access token for a person or for a site's program: never what they may do."""
    own = _person_claims(bearer) if isinstance(bearer, Caller) else {"sub": bearer.client_id}
    return own | {
        "iss": issuer,
        "aud": AUDIENCE,
        "client_id": bearer.client_id,
        "scope": " ".join(sorted(bearer.scopes)),
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": str(new_id()),
    }


@dataclass(frozen=True, slots=True)
class AccessTokenVerifier:
    """Verifies tokens with nothing but public keys and the table of ended sessions.

    Called with a token it gives who stands behind it. Every failure is the same `NotSignedInError`, so that nobody
    learns how far a forged token got. `audience` is who verifies: a token for somebody else is none.
    """

    issuer: str
    key_of: KeyOf
    is_ended: IsEnded
    clock: Clock
    audience: str = AUDIENCE

    def __call__(self, token: str) -> Bearer:
        """The person or program of the token; raises `NotSignedInError`."""
        bearer = self.signed(token)
        if isinstance(bearer, Caller) and self.is_ended(bearer.session_id):
            raise NotSignedInError
        return bearer

    def signed(self, token: str) -> Bearer:
        """The same for who looks by themselves whether the session has ended."""
        try:
            claims = self._signed_claims(token)
            self._check_times(claims)
            return _bearer(claims)
        except (JoseError, ValueError, TypeError, KeyError, OverflowError) as error:
            raise NotSignedInError from error

    def lifetime(self, token: str) -> tuple[datetime, datetime]:
        """From when until when a token that verifies is good."""
        claims = self._signed_claims(token)
        begins, ends = (datetime.fromtimestamp(_seconds(claims[name]), UTC) for name in ("iat", "exp"))
        return begins, ends

    def _signed_claims(self, token: str) -> Mapping[str, Any]:
        jwk = self.key_of(_kid(token))
        if jwk is None:
            raise ValueError("unknown key")
        claims = _claims_under(str(jwk["kty"]), str(jwk["crv"]), str(jwk["x"]), token)
        audience = claims["aud"]
        if claims["iss"] != self.issuer or self.audience not in ([audience] if isinstance(audience, str) else audience):
            raise ValueError("made by or for somebody else")
        return claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now, leeway = self.clock.now().timestamp(), LEEWAY.total_seconds()
        if _seconds(claims["exp"]) + leeway <= now:
            raise ValueError("expired")
        if max(_seconds(claims["iat"]), _seconds(claims.get("nbf", 0))) - leeway > now:
            raise ValueError("not valid yet")


def _kid(token: str) -> str:
    """The name of the key as the token has it, before anything of it is believed."""
    if len(token) > _LONGEST:
        raise ValueError("too long for an access token")
    encoded = token.partition(".")[0]
    kid = orjson.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))["kid"]
    if not isinstance(kid, str) or len(kid) > _LONGEST_KID:
        raise ValueError("no key can have this kid")
    return kid


@lru_cache(maxsize=4096)
def _claims_under(kty: str, crv: str, x: str, token: str) -> Mapping[str, Any]:
    """The claims that this key has signed: the same for ever, and so worked out once for a token in use."""
    read = jwt.decode(token, public_key({"kty": kty, "crv": crv, "x": x}), registry=ED25519_ONLY)
    if str(read.header.get("typ", "")).lower().removeprefix("application/") != TOKEN_TYPE:
        raise ValueError("not an access token")
    return read.claims


def _bearer(claims: Mapping[str, Any]) -> Bearer:
    _text(claims, "jti")
    scopes = frozenset(str(claims.get("scope", "")).split())
    if "sid" not in claims:
        if claims["sub"] != claims["client_id"]:
            raise ValueError("a person's token without a session")
        return ClientCaller(_text(claims, "client_id"), scopes)
    return Caller(
        user_id=_text(claims, "sub"),
        session_id=_text(claims, "sid"),
        site=_text(claims, "site"),
        acr=_text(claims, "acr"),
        amr=tuple(str(method) for method in claims["amr"]),
        auth_time=datetime.fromtimestamp(_seconds(claims["auth_time"]), UTC),
        scopes=scopes,
        client_id=_text(claims, "client_id"),
    )


def _person_claims(caller: Caller) -> dict[str, Any]:
    return {
        "sub": caller.user_id,
        "sid": caller.session_id,
        "site": caller.site,
        "acr": caller.acr,
        "amr": list(caller.amr),
        "auth_time": int(caller.auth_time.timestamp()),
    }


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims[name]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is no text")
    return value


def _seconds(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a time is whole seconds")
    return value
