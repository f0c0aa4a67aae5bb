"""What people write about themselves: names in any script, and lines of an address (REG-5)."""

from __future__ import annotations

import unicodedata

from services.registration.domain.values import RefusedError

NAME_LENGTH = 60
TEXT_LENGTH = 100

_MOST_MARKS = 4
_MUCH_TOO_LONG = 1_000  # not worth looking at closely
_NAME_MARKS = frozenset("'’ʼ‘`´-‐‑. ")  # noqa: RUF001 (the apostrophes that people type)
_JOINERS = frozenset("\u200c\u200d")  # part of spelling in Persian and in the scripts of India


def plain_text(text: str, *, length: int = TEXT_LENGTH) -> str:
    """One line of text, composed (NFC), outer blanks off; refused where empty, too long or with control characters."""
    if len(text) > _MUCH_TOO_LONG:
        raise RefusedError("too_long", f"At most {length} characters fit here.")
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        raise RefusedError("control_characters", "Line breaks and other control characters cannot be kept here.")
    plain = unicodedata.normalize("NFC", text).strip()
    if not plain:
        raise RefusedError("required", "This is needed.")
    if len(plain) > length:
        raise RefusedError("too_long", f"At most {length} characters fit here.")
    return plain


def person_name(text: str) -> str:
    """A first or last name: letters of any script, apostrophes, hyphens, blanks and full stops."""
    name = plain_text(text, length=NAME_LENGTH)
    if not all(_may_stand_in_name(character) for character in name) or not any(map(str.isalpha, name)):
        raise RefusedError("name_invalid", "A name has letters, and may have apostrophes, hyphens, blanks, full stops.")
    return name


def middle_initial(text: str) -> str:
    """One letter of any script; a full stop after it is form."""
    initial = plain_text(text, length=NAME_LENGTH).removesuffix(".")
    letters = [character for character in initial if not unicodedata.category(character).startswith("M")]
    if len(letters) != 1 or not letters[0].isalpha() or len(initial) > _MOST_MARKS:
        raise RefusedError("initial_invalid", "A middle initial is one letter.")
    return initial


def _may_stand_in_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in _NAME_MARKS or character in _JOINERS
