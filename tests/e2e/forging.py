"""Access tokens that nobody should believe: made of a real one, with or without the real key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from chassis.security.sealing import Sealer
from chassis.security.signing import SigningKey
from chassis.settings import parse_keys

Forge = Callable[[str, SigningKey], str]


def real_key(data: Path) -> SigningKey:
    """The key that signs a data folder's tokens, as a thief of disk and secrets would have it."""
    ring = json.loads((data / "secrets.json").read_text(encoding="utf-8"))["identity.sealing_keys"]
    database = sqlite3.connect(f"file:{data / 'identity.sqlite'}?mode=ro", uri=True)
    try:
        kid, sealed = database.execute("select kid, sealed_private from signing_key where current").fetchone()
    finally:
        database.close()
    opened = Sealer(parse_keys(SecretStr(ring))).unseal(sealed, f"signing_key.sealed_private:{kid}")
    return SigningKey.from_jwk(json.loads(opened))


def claims(token: str) -> dict[str, Any]:
    """What a token says."""
    return _read(token, 1)


def _header(token: str) -> dict[str, Any]:
    return _read(token, 0)


def _read(token: str, part: int) -> dict[str, Any]:
    encoded = token.split(".")[part]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return read


def _encoded(value: Mapping[str, Any] | bytes) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _with_claims(**changes: Any) -> Forge:
    """Another payload under the old signature."""

    def forge(token: str, _: SigningKey) -> str:
        header, _old, signature = token.split(".")
        return ".".join((header, _encoded(claims(token) | changes), signature))

    return forge


def _with_header(signature: bytes | None = None, **changes: Any) -> Forge:
    """Another header over the old payload."""

    def forge(token: str, _: SigningKey) -> str:
        _old, payload, kept = token.split(".")
        return ".".join(
            (_encoded(_header(token) | changes), payload, kept if signature is None else _encoded(signature))
        )

    return forge


def _signed(typ: str = "at+jwt", without: str = "", **changes: Any) -> Forge:
    """Signed with the real key, yet not what identity would sign."""

    def forge(token: str, key: SigningKey) -> str:
        said = {name: value for name, value in (claims(token) | changes).items() if name != without}
        return key.sign(said, typ=typ)

    return forge


def _under_public_key(token: str, key: SigningKey) -> str:
    """The public key taken for a shared secret."""
    head = _encoded(_header(token) | {"alg": "HS256"})
    payload = token.split(".")[1]
    secret = base64.urlsafe_b64decode(key.public_jwk()["x"] + "=")
    return ".".join((head, payload, _encoded(hmac.digest(secret, f"{head}.{payload}".encode(), hashlib.sha256))))


def _under_own_key(token: str, key: SigningKey) -> str:
    """Somebody's own key under the real one's name."""
    return SigningKey(key.kid, SigningKey.make().key).sign(claims(token), typ="at+jwt")


def _with_key_inside(token: str, _: SigningKey) -> str:
    own = SigningKey.make()
    signed = own.sign(claims(token), typ="at+jwt")
    return ".".join((_encoded(_read(signed, 0) | {"jwk": own.public_jwk()}), *signed.split(".")[1:]))


def _cut(token: str, _: SigningKey) -> str:
    return token[:-2] + ("AA" if token[-2:] != "AA" else "BB")


NOW = int(time.time())
FORGERIES: Mapping[str, Forge] = {
    "another signature": _cut,
    "no signature": lambda token, _: token.rpartition(".")[0] + ".",
    "two parts": lambda token, _: token.rpartition(".")[0],
    "four parts": lambda token, _: token + ".x",
    "another user": _with_claims(sub="mmartin5"),
    "a scope": _with_claims(scope="support"),
    "a later end": _with_claims(exp=NOW + 86_400),
    "alg none": _with_header(signature=b"", alg="none"),
    "alg None": _with_header(signature=b"", alg="None"),
    "alg HS256": _under_public_key,
    "own key": _under_own_key,
    "own key, unknown": lambda token, _: SigningKey.make().sign(claims(token), typ="at+jwt"),
    "own key inside": _with_key_inside,
    "unknown kid": _with_header(kid="../../etc/passwd"),
    "kid of no text": _with_header(kid=7),
    "expired": _signed(iat=NOW - 900, exp=NOW - 600),
    "from the future": _signed(iat=NOW + 600, exp=NOW + 900),
    "not before": _signed(nbf=NOW + 600),
    "another audience": _signed(aud="some-site"),
    "no audience": _signed(without="aud"),
    "another issuer": _signed(iss="https://evil.example"),
    "an ID token": _signed(typ="JWT"),
    "a logout token": _signed(typ="logout+jwt"),
    "without end": _signed(without="exp"),
    "without session": _signed(without="sid"),
    "end in words": _signed(exp="never"),
    "no token": lambda _token, _key: "mmartin5",
    "too long": lambda token, _: token + "a" * 8000,
}
