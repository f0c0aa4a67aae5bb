"""Lines of business: what a practice does for the plan's members, and what an applicant's practice type is made of."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from services.registration.domain.values import RefusedError


class Line(StrEnum):
    """A line of business, in the order in which lines are always told."""

    MEDICAL = "medical"
    BEHAVIORAL = "behavioral"
    DENTAL = "dental"


Lines = tuple[Line, ...]


def in_order(lines: Iterable[Line]) -> Lines:
    """Each line once, in the order of `Line`."""
    wanted = set(lines)
    return tuple(line for line in Line if line in wanted)


def read_line(text: str) -> Line:
    """The line of that name, whatever its case; raises `RefusedError` for another word."""
    try:
        return Line(text.strip().lower())
    except ValueError:
        raise RefusedError("line_unknown", "A line of business is medical, behavioral or dental.") from None


@cache
def lines_written(text: str) -> Lines:
    """The lines that `written` wrote; there are eight such texts."""
    return tuple(Line(part) for part in text.split(";") if part)


def written(lines: Lines) -> str:
    """The lines as one text, for a column of a table."""
    return ";".join(lines)


def read_lines(text: str) -> Lines:
    """One or more lines separated by semicolons, as a directory writes them (REG-17)."""
    try:
        lines = in_order(read_line(part) for part in text.split(";") if part.strip())
    except RefusedError as refused:
        raise RefusedError("lines_unknown", "Lines are medical, behavioral or dental, with semicolons.") from refused
    if not lines:
        raise RefusedError("lines_missing", "A practice has one line of business or more.")
    return lines
