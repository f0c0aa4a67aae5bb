"""Moments as text, the same everywhere: RFC 3339, in UTC, with `Z`."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """The moment in UTC, with as many fractions as it has."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
