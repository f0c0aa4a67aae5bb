"""ID tokens, verified (OpenID Connect Core, section 3.1.3.7)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

import httpx
import orjson
from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from chassis.calling.deadline import within
from chassis.kernel.clock import Clock
from services.portal.application.errors import UNAVAILABLE, ProblemError, SignInBrokenError

_ALGORITHMS: Final = ("EdDSA", "RS256")
_FRESH_FOR: Final = 300.0
_ASK_AGAIN_AFTER: Final = 1.0
_LEEWAY: Final = 10
_WHOLE: Final = 5.0
"""Seconds that asking for keys takes at most, and that others wait for it."""


class _Registry(JWSRegistry):
    """Knows two algorithms. joserfc warns of the name of one of them (RFC 9864), which issuers still use."""

    def get_alg(self, name: str) -> Any:
        if name not in _ALGORITHMS:
            raise UnsupportedAlgorithmError("ID tokens are signed by EdDSA or RS256.")
        return self.algorithms[name]


_REGISTRY: Final = _Registry(algorithms=list(_ALGORITHMS))


class Keys(Protocol):
    """Gives the issuer's keys; `fresh` asks for what it has this moment."""

    def __call__(self, *, fresh: bool = False) -> KeySet:
        """All keys that verify."""


class JwksKeys:
    """The issuer's keys from `/oidc/jwks.json`, asked for every five minutes, and once for a key not seen before."""

    def __init__(self, client: httpx.Client, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._url = url
        self._clock = clock
        self._lock = threading.Lock()
        self._keys = KeySet([])
        self._read_at = float("-inf")

    def __call__(self, *, fresh: bool = False) -> KeySet:
        """All keys that verify."""
        if not self._lock.acquire(timeout=_WHOLE):  # somebody else waits for the issuer already
            raise ProblemError(503, UNAVAILABLE)
        try:
            age = self._clock() - self._read_at
            if age > _FRESH_FOR or (fresh and age > _ASK_AGAIN_AFTER):
                self._keys = self._read()
                self._read_at = self._clock()
            return self._keys
        finally:
            self._lock.release()

    def _read(self) -> KeySet:
        try:
            with within(_WHOLE):
                response = self._client.get(self._url)
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise ProblemError(503, UNAVAILABLE) from error
        return KeySet.import_key_set(orjson.loads(response.content))


class IdTokens:
    """Verifies ID tokens of one issuer."""

    def __init__(self, issuer: str, keys: Keys, clock: Clock) -> None:
        self._issuer = issuer
        self._keys = keys
        self._clock = clock

    def verified(self, token: str, client_id: str, nonce: str) -> dict[str, Any]:
        """The claims; raises `SignInBrokenError` for a token made by, for or about anything else."""
        try:
            claims = self._signed(token)
            self._check(claims, client_id, nonce)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInBrokenError("the ID token does not hold") from error
        return claims

    def _signed(self, token: str) -> dict[str, Any]:
        try:
            return dict(jwt.decode(token, self._keys(), registry=_REGISTRY).claims)
        except (JoseError, ValueError):
            return dict(jwt.decode(token, self._keys(fresh=True), registry=_REGISTRY).claims)

    def _check(self, claims: dict[str, Any], client_id: str, nonce: str) -> None:
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        now = self._clock.now().timestamp()
        holds = (
            claims["iss"] == self._issuer
            and audience == [client_id]
            and claims["nonce"] == nonce
            and claims["exp"] + _LEEWAY > now
            and claims["iat"] - _LEEWAY <= now
            and bool(claims["sub"] and claims["sid"])
        )
        if not holds:
            raise ValueError("not for this sign-in")
