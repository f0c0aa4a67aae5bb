"""What people text to the plan's number, and what it means for their own: STOP, START and HELP (NTF-5)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_NOT_LETTERS: Final = re.compile(r"[^a-z]+")


class Keyword(StrEnum):
    """What a text asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


_WORDS: Final = {
    Keyword.STOP: frozenset(
        {
            *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"),
            *("alto", "parar", "cancelar", "baja"),
        }
    ),
    Keyword.START: frozenset({"start", "unstop", "yes", "optin", "iniciar", "comenzar", "alta"}),
    Keyword.HELP: frozenset({"help", "info", "ayuda"}),
}
"""The carriers' standard words, and what they are in Spanish."""


def keyword_of(text: str) -> Keyword | None:
    """The keyword that a text is, whatever its case, blanks, accents and punctuation; None for any other text.

    A sentence in which a keyword stands is not one: "please don't stop" asks for nothing.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    word = _NOT_LETTERS.sub("", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    return next((keyword for keyword, words in _WORDS.items() if word in words), None)


def is_number(text: str) -> bool:
    """Whether it is a telephone number as E.164 has it; a short code is none."""
    return _E164.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a number takes texts from one sender of ours; `since` is when that last changed, None if never."""

    number: str
    sender: str
    opted_out: bool = False
    since: datetime | None = None

    def turned(self, now: datetime, *, opted_out: bool) -> Standing:
        """The number opted out, or in again, at that moment."""
        return replace(self, opted_out=opted_out, since=now)
