"""Personal data beside the log: the leaf holds a commitment to each value, and the value can go (AUD-4, IDN-13)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from services.audit.domain.canonical import canonical

SALT_LENGTH = 32

Salts = Callable[[int], bytes]
"""Random bytes from a cryptographic source, as many as asked for."""


class Disclosed(NamedTuple):
    """One personal value and what opens its commitment: the path is an RFC 6901 pointer into the entry."""

    path: str
    salt: bytes
    value: Any

    @property
    def commitment(self) -> str:
        """What stands in the leaf in place of the value: SHA-256(salt ‖ RFC 8785 of [path, value]), in hexadecimal.

        Without the salt it tells nothing of the value.
        """
        return sha256(self.salt + canonical((self.path, self.value))).hexdigest()


def opens(disclosed: Disclosed, committed: str) -> bool:
    """Whether this value is the one that the leaf committed to."""
    return hmac.compare_digest(disclosed.commitment, committed)


def disclosures(path: str, value: Any, salts: Salts) -> tuple[Disclosed, ...]:
    """Every single value beneath `path` with a salt of its own, so that each can be shown, or erased, by itself."""
    found = list(_singles(path, value))
    salt = salts(SALT_LENGTH * len(found))
    return tuple(
        Disclosed(place, salt[start : start + SALT_LENGTH], single)
        for start, (place, single) in zip(range(0, len(salt), SALT_LENGTH), found, strict=True)
    )


def _singles(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not value or not isinstance(value, dict | list | tuple):
        yield path, value
        return
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        place = f"{path}/{_escaped(str(name))}"
        if isinstance(inner, dict | list | tuple):
            yield from _singles(place, inner)
        else:
            yield place, inner


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
