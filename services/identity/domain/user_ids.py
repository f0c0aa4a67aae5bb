"""User IDs: their form, which are free to choose, and what to suggest instead of a taken one (REG-6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from chassis.kernel.user_ids import fold

SHORTEST = 6
LONGEST = 32
SUGGESTIONS = 3

_FORM = re.compile(r"[a-z][a-z0-9._-]{5,31}")
_UNFIT = re.compile(r"[^a-z0-9._-]+")
_PADDING = "user"


NOBODY = ""
"""A user ID that no account has: what is looked up where the typed one cannot be one."""


class UserIdProblem(StrEnum):
    """Why a user ID cannot be had: the stable codes of `rules.md`."""

    INVALID = "user_id_invalid"
    RESERVED = "user_id_reserved"
    TAKEN = "user_id_taken"


def is_well_formed(user_id: str) -> bool:
    """Whether a folded user ID has 6 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter."""
    return _FORM.fullmatch(user_id) is not None


def findable(user_id: str) -> str:
    """The folded user ID where an account could have it, else `NOBODY`: no other text reaches a query."""
    return user_id if is_well_formed(user_id) else NOBODY


def problem_of(user_id: str, reserved: frozenset[str]) -> UserIdProblem | None:
    """What rules a folded user ID out, whoever asks for it; None where only its being taken could.

    A reserved name stays reserved under other separators: `wardenry_support` is `wardenry-support`.
    """
    if not is_well_formed(user_id):
        return UserIdProblem.INVALID
    if _bare(user_id) in {_bare(name) for name in reserved}:
        return UserIdProblem.RESERVED
    return None


def suggestions_for(user_id: str, digits_at_random: Callable[[int], str]) -> Iterator[str]:
    """Endlessly many well-formed user IDs that resemble the wished one, made unlike by so many random digits."""
    stem = _stem(fold(user_id))
    digits = 2
    while True:
        for separator in ("", ".", "_"):
            yield stem[: LONGEST - digits - len(separator)] + separator + digits_at_random(digits)
        digits = min(digits + 1, 9)


def _stem(user_id: str) -> str:
    stem = _UNFIT.sub("", user_id).lstrip("0123456789._-").rstrip("._-")
    if len(stem) < SHORTEST - 2:
        stem += _PADDING
    return stem


def _bare(user_id: str) -> str:
    return re.sub(r"[._-]", "", user_id)
