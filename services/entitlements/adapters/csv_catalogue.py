"""Reads the catalogue of functions from its table (ENT-1): operators extend the file, not the code."""

from __future__ import annotations

import csv
from pathlib import Path

from services.entitlements.domain.catalogue import Catalogue, Function
from services.entitlements.domain.places import Line


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue in this file; raises `ValueError` naming the row that cannot be read."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return Catalogue(_function(row, number) for number, row in enumerate(csv.DictReader(file), start=2))


def _function(row: dict[str, str], number: int) -> Function:
    try:
        return Function(
            code=row["code"].strip(),
            title=row["title"].strip(),
            lines=frozenset(Line(line.strip()) for line in row["lines"].split(";")),
            sensitive={"yes": True, "no": False}[row["sensitive"].strip()],
            description=row["description"].strip(),
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise ValueError(f"line {number} of the catalogue cannot be read: {error!r}") from error
