"""How strong a password looks while it is being chosen: a help, not the rule, which is identity's (REG-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zxcvbn import zxcvbn

from services.portal.domain.languages import mark

SHORTEST: Final = 12
_LONGEST_LOOKED_AT: Final = 72
_WORDS: Final = (mark("Very weak"), mark("Weak"), mark("Fair"), mark("Good"), mark("Strong"))


@dataclass(frozen=True, slots=True)
class Strength:
    """`score` is 0 to 4, `word` says it; `lacking` is how many characters are still to come."""

    score: int
    word: str
    lacking: int


def strength_of(password: str, known: Sequence[str]) -> Strength:
    """How hard a guess is for somebody who knows these words about the person."""
    lacking = max(0, SHORTEST - len(password))
    if not password:
        return Strength(0, _WORDS[0], lacking)
    score = int(zxcvbn(password[:_LONGEST_LOOKED_AT], [word for word in known if word])["score"])
    return Strength(score, _WORDS[score], lacking)
