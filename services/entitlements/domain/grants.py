"""What a person may do at a place: a level and functions, perhaps until a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.entitlements.domain.levels import DELEGATE, FIXED, HISTORY, RESOURCES, Level, fits


@dataclass(frozen=True, slots=True)
class Grant:
    """A level with its functions, those that it fixes included; `until` is when it ends, None where it does not.

    Built by `Grant.of`; a set of functions that contradicts the level raises `ValueError`.
    """

    level: Level
    functions: frozenset[str]
    until: datetime | None = None

    def __post_init__(self) -> None:
        fitting = all(fits(self.level, function) for function in self.functions)
        if RESOURCES in self.functions or not FIXED[self.level] <= self.functions or not fitting:
            raise ValueError(f"a grant of level {self.level} cannot have just {sorted(self.functions)}")

    @classmethod
    def of(cls, level: Level, functions: Iterable[str], until: datetime | None = None) -> Grant:
        """The grant of this level: what the level fixes is added, what it cannot hold left out (ENT-2, ENT-5)."""
        wanted = frozenset(function for function in functions if fits(level, function))
        return cls(level, (wanted | FIXED[level]) - {RESOURCES}, until)

    def without(self, functions: Iterable[str]) -> Grant | None:
        """What stays once these functions are taken away, None where nothing does.

        Without the delegate function an administrator is a processor (`delegation.md`, 2); the history report cannot
        be taken from an administrator by itself. An auditor without it, and a processor without any function, is none.
        """
        taken = frozenset(functions)
        if self.level is Level.AUDITOR:
            return None if HISTORY in taken else self
        if self.level is Level.PROCESSOR and self.functions <= taken:
            return None
        demoted = DELEGATE in taken
        return Grant.of(Level.PROCESSOR if demoted else self.level, self.functions - taken, self.until)


def level_of(grant: Grant | None) -> Level | None:
    """The level of a grant, None where there is none."""
    return grant.level if grant else None


def functions_of(grant: Grant | None) -> frozenset[str]:
    """The functions of a grant, none where there is none."""
    return grant.functions if grant else frozenset()
