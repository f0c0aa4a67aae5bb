"""What an `Idempotency-Key` names: one caller's one wish, told apart from every other without keeping any of it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from flask import request

from chassis.kernel.errors import Category, WardenryError
from chassis.security.callers import Caller
from chassis.web.exchange import Exchange

HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 255
_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_CHUNK: Final = 64 * 1024


class KeyInvalidError(WardenryError):
    """The header is no key."""

    category: ClassVar[Category] = Category.MALFORMED
    code: ClassVar[str] = "idempotency_key_invalid"


@dataclass(frozen=True, slots=True)
class Operation:
    """`scope` names caller, method, path and key; `body` what was sent. Both are keyed hashes: a body may hold
    passwords, and a bare hash of it could be guessed at.
    """

    scope: str
    body: str
    id: UUID
    shows_secret: bool


def operation_of(exchange: Exchange, *, shows_secret: bool) -> Operation | None:
    """The operation that the call's key names, None for a call without; raises `KeyInvalidError`."""
    key = request.headers.get(HEADER)
    if key is None or request.method not in _UNSAFE:
        return None
    if not 1 <= len(key) <= _LONGEST or not all("!" <= letter <= "~" for letter in key):
        raise KeyInvalidError(f"An {HEADER} has 1 to {_LONGEST} visible ASCII characters.")
    keys = exchange.definition.keys
    scope = _keyed(keys.scopes, _caller(exchange), _challenge(), request.method, request.path, key)
    return Operation(scope, _body(keys.bodies), _identifier(keys.operations, scope), shows_secret)


def _caller(exchange: Exchange) -> str:
    if exchange.service is not None:
        return f"service:{exchange.service.service}"
    bearer = exchange.bearer_if_valid
    if bearer is None:
        return "anonymous"
    return f"user:{bearer.user_id}" if isinstance(bearer, Caller) else bearer.actor


def _challenge() -> str:
    """Nobody gets the answer of a challenge that another client began."""
    return request.headers.get("X-Challenge-Secret", "")


def _keyed(key: bytes, *parts: str) -> str:
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.hexdigest()


def _body(key: bytes) -> str:
    digest = hmac.new(key, request.query_string + b"\n", hashlib.sha256)
    if request.mimetype == "multipart/form-data":
        _add_parts(digest)  # the boundary between them differs from one repeat to the next
    else:
        digest.update(request.get_data(cache=True))
    return digest.hexdigest()


def _add_parts(digest: hmac.HMAC) -> None:
    for name, value in sorted(request.form.items(multi=True)):
        digest.update(f"{len(name)}:{name}{len(value)}:{value}".encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda part: part[0]):
        content = hashlib.sha256()
        while chunk := file.stream.read(_CHUNK):
            content.update(chunk)
        file.stream.seek(0)
        filename = file.filename or ""
        digest.update(f"{len(name)}:{name}{len(filename)}:{filename}".encode() + content.digest())


def _identifier(key: bytes, scope: str) -> UUID:
    """A UUID of version 8 (RFC 9562, section 5.8)."""
    number = int.from_bytes(hmac.digest(key, scope.encode(), hashlib.sha256)[:16], "big")
    number &= ~(0xF << 76 | 0x3 << 62)
    return UUID(int=number | 0x8 << 76 | 0b10 << 62)
