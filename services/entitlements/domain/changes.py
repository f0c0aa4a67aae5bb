"""A wish, and its difference to what is (`delegation.md`, 8): only the difference is ever judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from services.entitlements.domain.grants import Grant, functions_of, level_of
from services.entitlements.domain.levels import LEVEL_BOUND, RESOURCES, Level
from services.entitlements.domain.places import Place


class Keep(Enum):
    """Says that a wish leaves the end of the access as it is."""

    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wishes one person's access at one place to be; level None wishes it away."""

    place: Place
    level: Level | None
    functions: frozenset[str]
    until: datetime | Keep | None = Keep.UNTIL


@dataclass(frozen=True, slots=True)
class Change:
    """A wish for a person beside what they have there now.

    `before` is None where they have nothing. `approves` says that an open request of theirs would be decided by it,
    `suspended` that whatever they have there does not count as held.
    """

    subject: str
    wish: Wish
    before: Grant | None = None
    approves: bool = False
    suspended: bool = False

    @property
    def place(self) -> Place:
        """Where."""
        return self.wish.place

    @property
    def after(self) -> Grant | None:
        """What they would have: the level's own functions come along and `resources` is passed over."""
        wish = self.wish
        if wish.level is None:
            return None
        until = (self.before.until if self.before else None) if isinstance(wish.until, Keep) else wish.until
        return Grant.of(wish.level, wish.functions, until)

    @property
    def named(self) -> frozenset[str]:
        """The functions that the wish names and that are given one by one."""
        return self.wish.functions - LEVEL_BOUND - {RESOURCES}

    @property
    def newly_wished(self) -> frozenset[str]:
        """The functions wished for, level-bound ones too, that are not there yet."""
        return self.wish.functions - {RESOURCES} - functions_of(self.before)

    @property
    def levels(self) -> frozenset[Level]:
        """The levels that the change concerns: the one that is and the one that is to be."""
        return frozenset(grant.level for grant in (self.before, self.after) if grant)

    @property
    def moves_level(self) -> bool:
        """Whether the level differs, or its end does, or a request is decided by it."""
        if self.approves or self.moves_until:
            return True
        return level_of(self.before) != level_of(self.after)

    @property
    def moves_until(self) -> bool:
        """Whether access that is there and stays would end at another time."""
        before, after = self.before, self.after
        return before is not None and after is not None and before.until != after.until

    @property
    def touched(self) -> frozenset[str]:
        """The functions given or taken one by one: those that differ, and all where the end moves or one approves."""
        before, after = functions_of(self.before), functions_of(self.after)
        touched = before | after if self.moves_until else before ^ after
        return (touched | after if self.approves else touched) - LEVEL_BOUND

    @property
    def differs(self) -> bool:
        """Whether anything at all would change."""
        return self.moves_level or bool(self.touched)
