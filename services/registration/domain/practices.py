"""Practices as the plan's directory knows them, and what a new edition of it changes (REG-17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import NamedTuple

from services.registration.domain.lines import Lines, lines_written


class Practice(NamedTuple):
    """One entry of the directory; `version` grows by one with each change of it. A tuple, for there are millions."""

    tin: str
    name: str
    lines: Lines
    version: int


_practice_of: Callable[[tuple[str, str, Lines, int]], Practice] = partial(tuple.__new__, Practice)
"""What `Practice._make` does, without a call of Python's for each."""

Row = tuple[str, str, str, str]
"""A row of a directory file that passed: TIN, name, lines as `lines.written` writes them, and the further columns as a
JSON object, kept as they stand. A bare tuple of texts, since a million of them pass through files and drivers."""

Kept = tuple[str, str, str, str, int]
"""What the directory has of a practice: the row that it was made of, and its version."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What some rows change in the directory.

    `rows` are to be written, `practices` say the same to others; `relined` are those whose lines of business are
    others than before, with those.
    """

    added: int
    rows: Sequence[Kept]
    practices: tuple[Practice, ...]
    relined: Sequence[tuple[Practice, Lines]]


def compare(rows: Sequence[Row], kept: Mapping[str, Kept]) -> Changes:
    """Compare rows (each TIN once) with what the directory has of their TINs.

    Loops over what it does not have are C's: a first import is a million of those.
    """
    changed: list[Kept] = []
    practices: list[Practice] = []
    relined = []
    for row in rows if kept else ():
        before = kept.get(row[0])
        if before is None or row == before[:4]:
            continue
        tin, name, lines, details = row
        practice = Practice(tin, name, lines_written(lines), before[4] + 1)
        practices.append(practice)
        changed.append((tin, name, lines, details, practice.version))
        if before[2] != lines:
            relined.append((practice, lines_written(before[2])))
    new = [row for row in rows if row[0] not in kept] if kept else rows
    if new:
        tins, names, lines_of, details_of = zip(*new, strict=True)
        changed += zip(tins, names, lines_of, details_of, repeat(1))
        practices += map(_practice_of, zip(tins, names, map(lines_written, lines_of), repeat(1)))
    return Changes(len(new), changed, tuple(practices), relined)
