"""Access levels, and the functions that a level fixes (ENT-2; `delegation.md`, 2)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

DELEGATE: Final = "delegate_access"
HISTORY: Final = "history_report"
RESOURCES: Final = "resources"

LEVEL_BOUND: Final = frozenset({DELEGATE, HISTORY})
"""Functions that come and go with a level, never by themselves."""


class Level(StrEnum):
    """What a person is at a place; having no access there is None."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    PROCESSOR = "processor"
    AUDITOR = "auditor"


FIXED: Final[Mapping[Level, frozenset[str]]] = MappingProxyType(
    {
        Level.PRIMARY: LEVEL_BOUND,
        Level.SECONDARY: LEVEL_BOUND,
        Level.PROCESSOR: frozenset(),
        Level.AUDITOR: frozenset({HISTORY}),
    }
)

_HEIGHT: Final[Mapping[Level | None, int]] = MappingProxyType(
    {None: 0, Level.AUDITOR: 1, Level.PROCESSOR: 1, Level.SECONDARY: 2, Level.PRIMARY: 3}
)


def fits(level: Level, function: str) -> bool:
    """Whether a person of this level can hold the function at all."""
    if level is Level.AUDITOR:
        return function == HISTORY
    return function not in LEVEL_BOUND or function in FIXED[level]


def is_upward(before: Level | None, after: Level | None) -> bool:
    """Whether this step gives a person a standing that they did not have; a step aside counts as one up."""
    return before != after and _HEIGHT[after] >= _HEIGHT[before]
