"""RSA keys that sign ID tokens: what every relying site can verify (OpenID Connect Core, section 15.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"
_BITS = 2048


@dataclass(frozen=True, slots=True)
class RsaSigningKey:
    """A private key that signs; `kid` is its thumbprint. Its representation never shows it."""

    kid: str
    key: RSAKey = field(repr=False)

    @classmethod
    def make(cls) -> RsaSigningKey:
        """A new key."""
        key = RSAKey.generate_key(_BITS, private=True)
        return cls(key.thumbprint(), key)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> RsaSigningKey:
        """The key that `private_jwk` gave."""
        key = RSAKey.import_key(dict(jwk))
        return cls(key.thumbprint(), key)

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str:
        """A compact JWT with the header `typ`."""
        header = {"alg": ALGORITHM, "kid": self.kid, "typ": typ}
        return jwt.encode(header, dict(claims), self.key, algorithms=[ALGORITHM])

    def public_jwk(self) -> dict[str, Any]:
        """What everybody may know, fit for a JWKS."""
        public = self.key.as_dict(private=False)
        return {name: public[name] for name in ("kty", "n", "e")} | {"kid": self.kid, "use": "sig", "alg": ALGORITHM}

    def private_jwk(self) -> dict[str, Any]:
        """The whole key, to be stored sealed and nowhere else (IDN-16)."""
        return dict(self.key.as_dict(private=True))
