"""Conditions on TIN and line together."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, and_, false, or_

from services.entitlements.domain.places import Line, Place


def at_places(table: Table, places: Collection[Place]) -> ColumnElement[bool]:
    """Whether the row's `tin` and `line` are one of these places."""
    if not places:
        return false()
    by_line = [
        and_(table.c.line == line.value, table.c.tin.in_(tins))
        for line in Line
        if (tins := sorted(place.tin for place in places if place.line is line))
    ]
    return or_(*by_line)
