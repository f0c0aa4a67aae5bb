"""Codes of an authenticator app (RFC 6238), in the form that every app knows: SHA-1, 30 seconds, six digits."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from services.identity.domain.codes import DIGITS

SECRET_BYTES: Final = 20
"""160 bits, as long as the hash (RFC 4226, section 4)."""

_SECONDS: Final = 30
_DRIFT: Final = 1
"""How many steps a phone's clock may be off, before and behind (RFC 6238, section 5.2)."""


def step_at(moment: datetime) -> int:
    """The number of the time step that a moment lies in."""
    return int(moment.timestamp()) // _SECONDS


def code_of(secret: bytes, step: int) -> str:
    """The code of a time step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, digits: str, now: datetime, used: int | None) -> int | None:
    """The step whose code this is, of those that count now and lie after the last `used` one; None for no code.

    A step is good once, and with it all before it: whoever read a code over a shoulder has nothing (IDN-3).
    """
    current = step_at(now)
    found = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        is_right = hmac.compare_digest(code_of(secret, step).encode(), digits.encode(errors="surrogatepass"))
        if is_right and (used is None or step > used):
            found = step
    return found


def key_text(secret: bytes) -> str:
    """The secret as people type it into an app."""
    return base64.b32encode(secret).decode()


def otpauth_uri(secret: bytes, issuer: str, account: str) -> str:
    """What the QR code says; an app shows `issuer` and `account`."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': key_text(secret), 'issuer': issuer}, quote_via=quote)}"
