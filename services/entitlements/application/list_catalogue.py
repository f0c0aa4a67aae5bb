"""The catalogue and the levels, for whoever shows them (ENT-1, ENT-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from services.entitlements.application.ports import Ports
from services.entitlements.domain.levels import FIXED, Level
from services.entitlements.domain.places import Line


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """A function of the catalogue."""

    code: str
    title: str
    lines: tuple[Line, ...]
    sensitive: bool
    description: str


@dataclass(frozen=True, slots=True)
class LevelItem:
    """A level in words, with the functions that it fixes."""

    code: Level
    title: str
    description: str
    functions: tuple[str, ...]


_WORDS: Final[Mapping[Level, tuple[str, str]]] = MappingProxyType(
    {
        Level.PRIMARY: (
            "Primary administrator",
            "An access manager: approves, adds, changes and removes users, resets passwords, reads the history.",
        ),
        Level.SECONDARY: (
            "Secondary administrator",
            "Gives processors the functions that they hold themselves, and reads the history.",
        ),
        Level.PROCESSOR: ("Processor", "Does the work, with the functions that were given."),
        Level.AUDITOR: ("Auditor", "Views and downloads the delegation history report, and nothing else."),
    }
)


def list_functions(ports: Ports) -> Sequence[FunctionItem]:
    """Every function, in the order of the table."""
    return [
        FunctionItem(each.code, each.title, tuple(sorted(each.lines)), each.sensitive, each.description)
        for each in ports.catalogue
    ]


def list_levels() -> Sequence[LevelItem]:
    """Every level, from the most to the least."""
    return [LevelItem(level, *_WORDS[level], tuple(sorted(FIXED[level]))) for level in Level]
