"""Keys that sign tokens: Ed25519, named by their thumbprint (RFC 8037, RFC 7638)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.errors import UnsupportedAlgorithmError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

ALGORITHM = "EdDSA"
_CURVE: Final = "Ed25519"


class _Ed25519Registry(JWSRegistry):
    """Knows one algorithm. joserfc warns of its name (RFC 9864), which what reads our tokens still expects."""

    def get_alg(self, name: str) -> Any:
        if name != ALGORITHM:
            raise UnsupportedAlgorithmError("Only EdDSA signs here.")
        return self.algorithms[name]


ED25519_ONLY: JWSRegistry = _Ed25519Registry(algorithms=[ALGORITHM])


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key that signs; `kid` is its thumbprint. Its representation never shows it."""

    kid: str
    key: OKPKey = field(repr=False)

    @classmethod
    def make(cls) -> SigningKey:
        """A new key."""
        return cls._named(OKPKey.generate_key(_CURVE, private=True))

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> SigningKey:
        """The key that `private_jwk` gave; raises `ValueError` for anything else."""
        key = OKPKey.import_key(dict(jwk))
        if key.curve_name != _CURVE or not key.is_private:
            raise ValueError("a signing key is a private Ed25519 key")
        return cls._named(key)

    @classmethod
    def _named(cls, key: OKPKey) -> SigningKey:
        return cls(key.thumbprint(), key)

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str:
        """A compact JWT with the header `typ`, so that no token passes for one of another kind."""
        private = self.key.private_key
        if not isinstance(private, Ed25519PrivateKey):
            raise TypeError("a signing key is a private Ed25519 key")
        signed = b"%b.%b" % (_header(self.kid, typ), _in_base64url(_json(claims)))
        return (signed + b"." + _in_base64url(private.sign(signed))).decode("ascii")

    def public_jwk(self) -> dict[str, Any]:
        """What everybody may know, fit for a JWKS and for `identity.signing_key.rotated.v1`."""
        public = self.key.as_dict(private=False)
        return {name: public[name] for name in ("kty", "crv", "x")} | {
            "kid": self.kid,
            "use": "sig",
            "alg": ALGORITHM,
        }

    def private_jwk(self) -> dict[str, Any]:
        """The whole key, to be stored sealed and nowhere else (IDN-16)."""
        return dict(self.key.as_dict(private=True))


@lru_cache(maxsize=64)
def _header(kid: str, typ: str) -> bytes:
    return _in_base64url(_json({"alg": ALGORITHM, "kid": kid, "typ": typ}))


def _json(members: Mapping[str, Any]) -> bytes:
    return json.dumps(members, separators=(",", ":")).encode()


def _in_base64url(octets: bytes) -> bytes:
    return base64.urlsafe_b64encode(octets).rstrip(b"=")


def public_key(jwk: Mapping[str, Any]) -> OKPKey:
    """The key of a public JWK; raises `ValueError` for one of another kind."""
    return _imported(str(jwk["kty"]), str(jwk["crv"]), str(jwk["x"]))


@lru_cache(maxsize=64)
def _imported(kty: str, crv: str, x: str) -> OKPKey:
    if crv != _CURVE:
        raise ValueError("tokens are verified with Ed25519 keys")
    return OKPKey.import_key({"kty": kty, "crv": crv, "x": x})
