"""The table of `delegation.md`: who may give what, take it away, decide and see (ENT-2, ENT-4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.entitlements.domain.levels import Level


class Functions(StrEnum):
    """Which functions a giver may give and take away."""

    EVERY = "every"
    HELD = "held"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Powers:
    """A row of the table; it holds for one place.

    `gives` are the levels that the row may give, change and take away; whoever may give a level may also approve a
    request as that level. `appoints` is support's way, through a confirmed outreach case.
    """

    gives: frozenset[Level] = frozenset()
    functions: Functions = Functions.NONE
    declines: bool = False
    resets_passwords: bool = False
    reads_history: bool = False
    appoints: bool = False

    @property
    def administers(self) -> bool:
        """Whether the row lets one give anything in day-to-day work."""
        return bool(self.gives)


NOBODY: Final = Powers()
CASE: Final = Powers(reads_history=True, appoints=True)
OPERATOR: Final = Powers(gives=frozenset(Level), functions=Functions.EVERY)

POWERS: Final[Mapping[Level, Powers]] = MappingProxyType(
    {
        Level.PRIMARY: Powers(
            gives=frozenset(Level),
            functions=Functions.EVERY,
            declines=True,
            resets_passwords=True,
            reads_history=True,
        ),
        Level.SECONDARY: Powers(gives=frozenset({Level.PROCESSOR}), functions=Functions.HELD, reads_history=True),
        Level.PROCESSOR: NOBODY,
        Level.AUDITOR: Powers(reads_history=True),
    }
)
