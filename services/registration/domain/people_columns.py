"""The columns of a file of people to add, named in its first row in any order (REG-16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.registration.domain.values import RefusedError

COLUMNS = (
    "first_name",
    "middle_initial",
    "last_name",
    "email",
    "phone",
    "extension",
    "tin",
    "line",
    "level",
    "functions",
    "until",
)
NEEDED = ("first_name", "last_name", "email", "tin", "line", "level")
"""Columns that no file can do without; the others may be left out, or empty."""


def read_header(cells: Sequence[str]) -> Mapping[str, int]:
    """Where each column stands, from 0; raises `RefusedError` where the row does not name them."""
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    unknown = [name or f"(column {place})" for place, name in enumerate(names, 1) if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise RefusedError("column_missing", f"The first row must name the columns: {', '.join(missing)} not found.")
    if unknown:
        raise RefusedError("column_unknown", f"The first row names columns that are not known: {', '.join(unknown)}.")
    if len(set(names)) != len(names):
        twice = [name for name in COLUMNS if names.count(name) > 1]
        raise RefusedError("column_duplicate", f"The first row names a column twice: {', '.join(twice)}.")
    return {name: place for place, name in enumerate(names)}
