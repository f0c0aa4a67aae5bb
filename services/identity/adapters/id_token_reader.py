"""Reads ID tokens that come back as hints: signed here, of their own kind, and not by their own header's word."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from chassis.security.signing import ED25519_ONLY, public_key
from services.identity.adapters.rsa_keys import ALGORITHM as RS256
from services.identity.domain.signing_keys import Algorithm, SigningKey

ID_TOKEN_TYPE = "JWT"  # noqa: S105 -- a media type
_LONGEST = 8192


def read_id_token(token: str, keys: Sequence[SigningKey], issuer: str) -> Mapping[str, Any] | None:
    """The claims, whether the token is over or not; None for what is no ID token of this issuer."""
    try:
        key = next((each for each in keys if each.kid == _kid(token)), None)
        read = None if key is None else _verified(token, key)
    except (JoseError, ValueError, TypeError, KeyError, OverflowError):
        return None
    if read is None or read.header.get("typ") != ID_TOKEN_TYPE or read.claims.get("iss") != issuer:
        return None
    return read.claims


def _verified(token: str, key: SigningKey) -> jwt.Token:
    """The key says which algorithm it is for; what the token says of that must agree."""
    if key.algorithm is Algorithm.EDDSA:
        return jwt.decode(token, public_key(key.public_key), registry=ED25519_ONLY)
    return jwt.decode(token, RSAKey.import_key(dict(key.public_key)), algorithms=[RS256])


def _kid(token: str) -> Any:
    if len(token) > _LONGEST:
        raise ValueError("too long for an ID token")
    encoded = token.partition(".")[0]
    return orjson.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))["kid"]
