"""What this service knows of the directory of practices."""

from __future__ import annotations

from dataclasses import dataclass

from services.entitlements.domain.places import Line


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice of the directory; of two with the same TIN the one with the higher `version` holds."""

    tin: str
    name: str
    lines: frozenset[Line]
    version: int
