"""What somebody may do at practices, as far as it decides who may do what to their account (IDN-8, IDN-17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """The levels that identity tells apart; every other one administers nothing."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OTHER = "other"

    @classmethod
    def of(cls, name: str) -> Level:
        """The level that goes by this name."""
        return cls(name) if name in {cls.PRIMARY, cls.SECONDARY} else cls.OTHER

    @property
    def administers(self) -> bool:
        """Whether it decides about others."""
        return self is not Level.OTHER


@dataclass(frozen=True, slots=True)
class Held:
    """What a user has at a TIN and line of business, until a moment where that is set."""

    user_id: str
    tin: str
    line: str
    level: Level
    until: datetime | None = None

    @property
    def place(self) -> tuple[str, str]:
        """TIN and line."""
        return self.tin, self.line

    def holds_at(self, now: datetime) -> bool:
        """Whether it has not reached its end."""
        return self.until is None or now < self.until


class Reach(StrEnum):
    """How far an administrator's hand reaches to somebody else's account."""

    UNSEEN = "unseen"
    """They administer no place at which that user holds access: for them there is no such user."""
    BARRED = "barred"
    """They see the user, and may not: their level is too low, or the user administers a place that they do not."""
    ALLOWED = "allowed"


def reach_of(giver: Sequence[Held], holder: Sequence[Held], now: datetime) -> Reach:
    """How far whoever holds `giver` reaches to whoever holds `holder`.

    Primary administrators alone, judged by TIN and line; and nobody to whom the account of somebody who decides where
    they themselves do not would open doors that are closed to them.
    """
    mine = {each.place: each.level for each in giver if each.holds_at(now) and each.level.administers}
    theirs = [each for each in holder if each.holds_at(now)]
    shared = [mine[each.place] for each in theirs if each.place in mine]
    if not shared:
        return Reach.UNSEEN
    decides_elsewhere = any(each.level.administers and mine.get(each.place) is not Level.PRIMARY for each in theirs)
    return Reach.BARRED if decides_elsewhere or Level.PRIMARY not in shared else Reach.ALLOWED


def vouching_reach_of(giver: Sequence[Held], holder: Sequence[Held], now: datetime) -> Reach:
    """How far the word of whoever holds `giver` reaches for whoever holds `holder` (IDN-17).

    A primary administrator of one place of theirs suffices, whatever they decide elsewhere: that word alone opens
    nothing, and support must agree.
    """
    mine = {each.place: each.level for each in giver if each.holds_at(now) and each.level.administers}
    shared = [mine[each.place] for each in holder if each.holds_at(now) and each.place in mine]
    if not shared:
        return Reach.UNSEEN
    return Reach.ALLOWED if Level.PRIMARY in shared else Reach.BARRED
