"""What was prepared for a person beside what they have by now: it adds, and never takes away (REG-14)."""

from __future__ import annotations

from datetime import datetime

from services.entitlements.domain.changes import Keep, Wish
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import LEVEL_BOUND, Level, is_upward


def joined(wish: Wish, before: Grant | None) -> Wish | None:
    """The wish that has both.

    None where no single one can: a processor is no auditor as well, and what ends at different times can only be
    joined if one of them has all of the other.
    """
    if before is None or wish.level is None:
        return wish
    if _lie_aside(wish.level, before.level):
        return None
    until = None if isinstance(wish.until, Keep) else wish.until
    level = before.level if is_upward(wish.level, before.level) else wish.level
    functions = before.functions | wish.functions
    covers = level == wish.level and before.functions - LEVEL_BOUND <= wish.functions
    adds = level != before.level or bool(wish.functions - LEVEL_BOUND - before.functions)
    if covers and (until == before.until or _is_later(until, before.until)):
        return Wish(wish.place, level, functions, until)
    if not adds or until == before.until:
        return Wish(wish.place, level, functions, before.until)
    return None


def _lie_aside(one: Level, other: Level) -> bool:
    return is_upward(one, other) and is_upward(other, one)


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return other is not None and (one is None or one > other)
