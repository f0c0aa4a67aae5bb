"""How services know each other: a short-lived token under a secret that only they share, for one callee each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from chassis.kernel.clock import Clock
from chassis.kernel.errors import NotSignedInError
from chassis.security.callers import ServiceCaller

_ALGORITHM = "HS256"
_TYPE = "wardenry-service+jwt"
_LIFETIME = timedelta(seconds=60)
_LEEWAY = timedelta(seconds=10)
_LONGEST = 2048


class ServiceTokens:
    """Issues this service's tokens and verifies those of others that call it.

    `secrets` are shared by all services, each at least 32 bytes; the first signs, all verify, so that they can be
    changed one service after the other.
    """

    def __init__(self, secrets: Sequence[bytes], service: str, clock: Clock) -> None:
        self._keys = [OctKey.import_key(secret) for secret in secrets]
        self._service = service
        self._clock = clock

    def issue(self, callee: str, *, on_behalf_of: str | None = None) -> str:
        """A token for one call to `callee`; `on_behalf_of` is the actor whom the call serves."""
        now = self._clock.now()
        claims = {
            "iss": self._service,
            "aud": callee,
            "iat": int(now.timestamp()),
            "exp": int((now + _LIFETIME).timestamp()),
        }
        if on_behalf_of is not None:
            claims["act"] = on_behalf_of
        return jwt.encode({"alg": _ALGORITHM, "typ": _TYPE}, claims, self._keys[0], algorithms=[_ALGORITHM])

    def verify(self, token: str) -> ServiceCaller:
        """Which service calls this one; raises `NotSignedInError` for whatever is wrong with the token."""
        for key in self._keys:
            claims = _signed_claims(token, key)
            if claims is not None and self._is_for_us_now(claims):
                acts_for = claims.get("act")
                return ServiceCaller(str(claims["iss"]), str(acts_for) if acts_for else None)
        raise NotSignedInError

    def _is_for_us_now(self, claims: dict[str, Any]) -> bool:
        now, leeway = self._clock.now().timestamp(), _LEEWAY.total_seconds()
        return (
            claims.get("aud") == self._service
            and isinstance(claims.get("iss"), str)
            and isinstance(claims.get("exp"), int)
            and isinstance(claims.get("iat"), int)
            and claims["iat"] - leeway <= now < claims["exp"] + leeway
        )


def _signed_claims(token: str, key: OctKey) -> dict[str, Any] | None:
    if len(token) > _LONGEST:
        return None
    try:
        read = jwt.decode(token, key, algorithms=[_ALGORITHM])
    except (JoseError, ValueError, TypeError):
        return None
    return read.claims if read.header.get("typ") == _TYPE else None
