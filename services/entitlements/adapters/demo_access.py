"""Reads the demo's access from its table."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from services.entitlements.application.seed_access import Seed
from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line, Place

EVERY_FUNCTION = "*"


def read_demo_access(lines: Iterable[str], catalogue: Catalogue) -> list[Seed]:
    """The rows as seeds; `*` stands for every function of the line."""
    return [_seed(row, catalogue) for row in csv.DictReader(lines)]


def _seed(row: dict[str, str], catalogue: Catalogue) -> Seed:
    line = Line(row["line"])
    named = row["functions"]
    functions = catalogue.of_line(line) if named == EVERY_FUNCTION else frozenset(named.split(";")) - {""}
    return Seed(row["user_id"], Place(row["tin"], line), Grant.of(Level(row["level"]), functions))
