"""Secrets out of the operating system's source, in the forms that the rules name (IDN-2, IDN-16, REG-15)."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

UNAMBIGUOUS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Letters and digits that nobody mistakes for each other in print: no 0/O, no 1/l/I."""

_TOKEN_BYTES: Final = 32


class SystemRandomness:
    """The source that services hand to their use cases as a port; every method gives a new secret."""

    def token(self) -> str:
        """256 bits, fit for URLs and headers: 43 characters. Store only `stored_form` of it."""
        return secrets.token_urlsafe(_TOKEN_BYTES)

    def code(self, digits: int = 6) -> str:
        """A decimal number of exactly that many digits, leading zeros kept (IDN-2)."""
        return f"{secrets.randbelow(10**digits):0{digits}d}"

    def octets(self, count: int) -> bytes:
        """That many bytes."""
        return secrets.token_bytes(count)

    def letters(self, count: int, alphabet: str) -> str:
        """That many letters, each out of the whole alphabet."""
        return "".join(secrets.choice(alphabet) for _ in range(count))

    def word(self, length: int) -> str:
        """That many unambiguous letters and digits (REG-15: 8 for an identifier, 10 for a password)."""
        return self.letters(length, UNAMBIGUOUS)


def stored_form(token: str) -> str:
    """What a database may know of a token of 256 random bits: its SHA-256 in hexadecimal (IDN-16).

    Never for what a person chose or could guess: that is hashed by `chassis.security.hashing`.
    """
    return hashlib.sha256(token.encode()).hexdigest()
