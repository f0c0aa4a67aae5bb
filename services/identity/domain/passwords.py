"""What a password must be: long, not well known, and not made of what others know about its owner (REG-7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

from chassis.kernel.errors import Fault
from services.identity.domain.words import fold_words

SHORTEST = 12
LONGEST = 128
PRODUCT_NAME = "wardenry"

_TELLING = 3  # shorter parts of a name stand in too many innocent words
_SHORT_UNIT = 4
_BETWEEN_NAMES = re.compile(r"[\s'’-]+")
_WELL_KNOWN_RANK = 1000
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")

CommonPasswords = Mapping[str, int]
"""Breached or common passwords, in lower case, with their rank: 0 is the commonest."""


class Weakness(StrEnum):
    """Why a password is refused; the words for a person are in `EXPLANATIONS`."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    PERSONAL = "personal"
    PRODUCT = "product"


EXPLANATIONS: Mapping[Weakness, str] = {
    Weakness.TOO_SHORT: f"The password is too short: it needs {SHORTEST} characters or more.",
    Weakness.TOO_LONG: f"The password is too long: it can have up to {LONGEST} characters.",
    Weakness.COMMON: "The password is among those that are known or tried first: choose one nobody else would.",
    Weakness.PERSONAL: "The password contains your user ID, your name or your e-mail address: leave them out.",
    Weakness.PRODUCT: "The password contains the name of this product: leave it out.",
}


def normalise(password: str) -> str:
    """The form that is measured and hashed: Unicode NFC, so that one password typed on two devices stays one."""
    return unicodedata.normalize("NFC", password)


def weakness_of(password: str, *, common: CommonPasswords, personal: Iterable[str]) -> Weakness | None:
    """The first thing wrong with a password; `personal` are the `personal_words`."""
    normal = normalise(password)
    if len(normal) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(normal) > LONGEST:
        return Weakness.TOO_LONG
    folded = fold_words(normal)
    if any(word in folded for word in personal):
        return Weakness.PERSONAL
    if PRODUCT_NAME in folded:
        return Weakness.PRODUCT
    return Weakness.COMMON if _is_common(normal.casefold(), common) else None


def fault_of(weakness: Weakness, pointer: str = "/password") -> Fault:
    """The refusal `password_weak`, saying why."""
    return Fault(pointer, "password_weak", EXPLANATIONS[weakness])


def personal_words(user_id: str, email: str, names: Iterable[str]) -> set[str]:
    """What a password must not contain: the user ID, the e-mail's local part, and each name with its parts."""
    words = {user_id, email.partition("@")[0]}
    for name in names:
        words |= {name, *_BETWEEN_NAMES.split(name)}
    folded = {fold_words(word) for word in words}
    return {word for word in folded if len(word) >= _TELLING}


def _is_common(password: str, common: CommonPasswords) -> bool:
    """Whether it is listed, or is a listed one (or next to nothing) repeated, counted up, or with a number put on."""
    unit = _unit_of(password)
    if password in common or unit in common or len(unit) <= _SHORT_UNIT:
        return True
    if any(password in row * 20 or password in row[::-1] * 20 for row in _ROWS):
        return True
    core = password.strip("0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ")
    return not core or common.get(core, _WELL_KNOWN_RANK) < _WELL_KNOWN_RANK


def _unit_of(password: str) -> str:
    """The shortest text of which the password is a repetition; itself where it is none."""
    return password[: (password * 2).index(password, 1)]
