"""A review with its outcome, to be kept elsewhere (ENT-13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.entitlements.application.ports import Ports
from services.entitlements.application.read_reviews import ReviewRead, ReviewRow

_COLUMNS: Final = (
    "TIN",
    "PRACTICE",
    "LINE",
    "NAME",
    "USER ID",
    "ACCESS LEVEL",
    "FUNCTIONS",
    "SENSITIVE FUNCTIONS",
    "UNTIL",
    "OUTCOME",
    "DECIDED BY",
    "DECIDED AT",
)


def export_review(read: ReviewRead, ports: Ports) -> bytes:
    """A workbook; level, functions and end are those of the day on which the review opened."""
    return ports.workbook("Access review", [_COLUMNS, *_rows(read)])


def _rows(read: ReviewRead) -> Iterator[tuple[str, ...]]:
    for row in read.rows:
        yield read.summary.review.tin, read.summary.practice or "", row.line.value, *_cells(row)


def _cells(row: ReviewRow) -> tuple[str, ...]:
    item, until = row.item, row.item.grant.until
    return (
        row.person.profile.name if row.person else "",
        item.user_id,
        item.grant.level.value,
        "; ".join(sorted(item.grant.functions)),
        "; ".join(row.sensitive),
        until.isoformat() if until else "",
        row.state.value,
        item.decided_by or "",
        item.decided_at.isoformat() if item.decided_at else "",
    )
