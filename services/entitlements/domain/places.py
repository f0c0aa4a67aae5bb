"""Where access holds: a TIN and one of its lines of business."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Line(StrEnum):
    """A line of business of the plan."""

    MEDICAL = "medical"
    BEHAVIORAL = "behavioral"
    DENTAL = "dental"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A TIN (nine digits) and a line: everything is given, asked for and managed per place (`delegation.md`, 1)."""

    tin: str
    line: Line
