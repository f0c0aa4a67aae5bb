"""Access and ID tokens; the private keys that sign them stand sealed in the database (IDN-12, IDN-16)."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from chassis.security.callers import Caller, ClientCaller
from chassis.security.sealing import Sealer
from chassis.security.signing import SigningKey as EdDsaSigningKey
from chassis.security.tokens import AUDIENCE, TOKEN_TYPE, claims_of
from services.identity.adapters.id_token_reader import ID_TOKEN_TYPE, read_id_token
from services.identity.adapters.rsa_keys import RsaSigningKey
from services.identity.domain.clients import THE_API
from services.identity.domain.grants import Grant
from services.identity.domain.signing_keys import Algorithm, SigningKey

PrivateKey = EdDsaSigningKey | RsaSigningKey

_KINDS: Mapping[Algorithm, type[PrivateKey]] = {Algorithm.EDDSA: EdDsaSigningKey, Algorithm.RS256: RsaSigningKey}
_HASHES = {Algorithm.EDDSA: hashlib.sha512, Algorithm.RS256: hashlib.sha256}


class JoseTokenIssuer:
    """`TokenIssuer`; keeps the keys that it has opened, for as long as the process lasts."""

    def __init__(self, sealer: Sealer, issuer: str) -> None:
        self._sealer = sealer
        self._issuer = issuer
        self._lock = threading.Lock()
        self._opened: dict[str, PrivateKey] = {}

    @property
    def issuer(self) -> str:
        return self._issuer

    def make_key(self, algorithm: Algorithm, now: datetime) -> SigningKey:
        key = _KINDS[algorithm].make()
        sealed = self._sealer.seal(orjson.dumps(key.private_jwk()), _place(key.kid))
        return SigningKey(key.kid, algorithm, sealed, key.public_jwk(), now, None)

    def access_token(self, key: SigningKey, grant: Grant, now: datetime, ends: datetime) -> str:
        session = grant.session
        caller = Caller(
            user_id=session.user_id,
            session_id=session.id,
            site=grant.site,
            acr=session.strength.acr,
            amr=session.strength.amr,
            auth_time=session.authenticated_at,
            scopes=grant.token_scopes,
            client_id=grant.client.client_id,
        )
        claims = claims_of(caller, issuer=self._issuer, now=now, lifetime=ends - now)
        return self._private(key).sign(claims | {"aud": self._audience(grant)}, typ=TOKEN_TYPE)

    def client_token(
        self, key: SigningKey, client_id: str, scopes: Sequence[str], now: datetime, ends: datetime
    ) -> str:
        caller = ClientCaller(client_id, frozenset(scopes))
        claims = claims_of(caller, issuer=self._issuer, now=now, lifetime=ends - now)
        return self._private(key).sign(claims, typ=TOKEN_TYPE)

    def id_token(self, key: SigningKey, claims: Mapping[str, Any], access_token: str) -> str:
        digest = _HASHES[key.algorithm](access_token.encode("ascii")).digest()
        half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
        return self._private(key).sign({"iss": self._issuer, **claims, "at_hash": half}, typ=ID_TOKEN_TYPE)

    def logout_token(self, key: SigningKey, claims: Mapping[str, Any]) -> str:
        return self._private(key).sign({"iss": self._issuer, **claims}, typ="logout+jwt")

    def read_id_token(self, token: str, keys: Sequence[SigningKey]) -> Mapping[str, Any] | None:
        return read_id_token(token, keys, self._issuer)

    def _audience(self, grant: Grant) -> str | list[str]:
        """The API, where it was granted; and for every OpenID client this provider's userinfo, named by the issuer."""
        if grant.client == THE_API:
            return AUDIENCE
        return [AUDIENCE, self._issuer] if grant.reaches_api else self._issuer

    def _private(self, key: SigningKey) -> PrivateKey:
        with self._lock:
            if key.kid not in self._opened:
                jwk = orjson.loads(self._sealer.unseal(key.sealed_private, _place(key.kid)))
                self._opened[key.kid] = _KINDS[key.algorithm].from_jwk(jwk)
            return self._opened[key.kid]


def _place(kid: str) -> str:
    return f"signing_key.sealed_private:{kid}"
