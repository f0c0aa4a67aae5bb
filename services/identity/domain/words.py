"""Texts that people type, brought to the one form in which they are compared."""

from __future__ import annotations

import unicodedata


def fold_words(text: str) -> str:
    """Without case, blanks and accents: `São  Paulo` and `sao paulo` are the same answer (REG-8)."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return "".join(unicodedata.normalize("NFKC", bare).casefold().split())


def is_printable_text(text: str) -> bool:
    """Whether it can be stored, shown and mailed: no control characters, line breaks or half surrogate pairs."""
    return not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text)
