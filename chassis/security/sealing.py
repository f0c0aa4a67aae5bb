"""Sealing: fields encrypted at rest with a key outside the database, and fields that one service alone may read.

Both are compact JWEs. The place where one belongs is bound into it, so that nobody who can write the database or the
bus can move a secret to where it is shown.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey, OKPKey

_AT_REST = {"alg": "dir", "enc": "A256GCM"}
_TO_A_KEY = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}
_PLACE = "place"
_CURVE: Final = "X25519"


class SealBrokenError(Exception):
    """This was not sealed by a key that is known here, or not for this place, or it was changed since."""


class _Registry(JWERegistry):
    max_ciphertext_length = 16 * 1024 * 1024
    max_protected_header_length = 2048


_ALGORITHMS = ["dir", "ECDH-ES+A256KW", "A256GCM"]
_REGISTRY = _Registry(algorithms=_ALGORITHMS, strict_check_header=False)


class Sealer:
    """Seals with the first of its keys and opens with any, so that keys can be changed while both are in use.

    `keys` are 32 random bytes each, by the name that the seal carries.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("sealing needs a key")
        self._keys = {kid: OctKey.import_key(key) for kid, key in keys.items()}
        self._current = next(iter(self._keys))

    def seal(self, plaintext: bytes | str, place: str) -> str:
        """The sealed form, for `place` alone: `table.column:row`, for example."""
        header = _AT_REST | {"kid": self._current, _PLACE: place}
        return jwe.encrypt_compact(header, plaintext, self._keys[self._current], registry=_REGISTRY)

    def unseal(self, sealed: str, place: str) -> bytes:
        """What was sealed for `place`; raises `SealBrokenError`."""
        return _opened(sealed, lambda header: self._keys[header["kid"]], _AT_REST, place)

    def is_current(self, sealed: str) -> bool:
        """Whether the newest key sealed it; if not, seal it again at the next chance."""
        try:
            return bool(_header(sealed).get("kid") == self._current)
        except ValueError:
            return False


def make_recipient_key() -> OKPKey:
    """A new key pair for what `seal_for` seals: the public half goes to the senders."""
    key = OKPKey.generate_key(_CURVE, private=True)
    key.ensure_kid()
    return key


def recipient_key(jwk: Mapping[str, Any]) -> OKPKey:
    """The key of a JWK, private or public; raises `ValueError` for one of another kind."""
    key = OKPKey.import_key(dict(jwk))
    if key.curve_name != _CURVE:
        raise ValueError("sealed fields are made for X25519 keys")
    key.ensure_kid()
    return key


def seal_for(recipient: OKPKey, plaintext: bytes | str, place: str) -> str:
    """Sealed so that only the holder of the private half reads it: `sealed` in an event (NTF-8)."""
    header = _TO_A_KEY | {"kid": recipient.kid, _PLACE: place}
    return jwe.encrypt_compact(header, plaintext, recipient, registry=_REGISTRY)


def unseal(keys: Sequence[OKPKey], sealed: str, place: str) -> bytes:
    """What `seal_for` sealed for `place` to one of these private keys; raises `SealBrokenError`."""
    by_kid = {key.kid: key for key in keys}
    return _opened(sealed, lambda header: by_kid[header["kid"]], _TO_A_KEY, place)


def derived_key(root: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, from a root secret (HKDF, RFC 5869): no key serves two purposes."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wardenry " + purpose.encode()).derive(root)


def _opened(sealed: str, key_for: Any, algorithms: Mapping[str, str], place: str) -> bytes:
    try:
        opened = jwe.decrypt_compact(sealed, lambda part: key_for(part.headers()), registry=_REGISTRY)
        header = opened.headers()
        if header.get(_PLACE) != place or any(header.get(name) != value for name, value in algorithms.items()):
            raise SealBrokenError("sealed for another place, or in another manner")
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SealBrokenError("cannot be opened") from error
    return opened.plaintext or b""


def _header(sealed: str) -> dict[str, Any]:
    encoded = sealed.partition(".")[0]
    return dict(json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))))
