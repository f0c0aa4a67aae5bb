"""Recovery codes: ten on paper, for whoever has lost everything else; each is good once (IDN-3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

COUNT: Final = 10
LETTERS: Final = 10
"""Behind the number of the code, out of 31: almost 50 bits."""

ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""No letter or digit that is mistaken for another in print, and nothing that depends on the case."""

_FORM: Final = re.compile(rf"([0-9])([{ALPHABET}]{{{LETTERS}}})")
_HALF: Final = LETTERS // 2


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """One as it is kept: its place in the set, and the slow hash of its letters, salted (IDN-16)."""

    number: int
    hash: str
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TypedCode:
    """One as typed: which of the set it is to be, and its letters."""

    number: int
    letters: str


def printed(number: int, letters: str) -> str:
    """As it is shown, once: `3-h7kq2-mwp4x`. The number finds the one hash that it must fit."""
    return f"{number}-{letters[:_HALF]}-{letters[_HALF:]}"


def read(text: str) -> TypedCode | None:
    """What was typed or pasted, whatever its case, blanks and dashes; None for what cannot be one."""
    plain = unicodedata.normalize("NFKC", text).lower()
    found = _FORM.fullmatch("".join(letter for letter in plain if letter.isalnum()))
    return TypedCode(int(found[1]), found[2]) if found else None


def left(codes: Sequence[RecoveryCode]) -> int:
    """How many are still good."""
    return sum(code.used_at is None for code in codes)
