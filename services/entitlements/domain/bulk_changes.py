"""A change of many people's access that was made as one, and can be unmade as one for a day (GO-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.entitlements.domain.places import Place

CAN_BE_UNDONE_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class BulkEffect:
    """The intervals of one user's access at one place before and after; None where there was none."""

    user_id: str
    place: Place
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class BulkChange:
    """Who did it when, and what it did; `undone_at` once it was undone."""

    change_id: str
    by: str
    at: datetime
    effects: tuple[BulkEffect, ...]
    undone_at: datetime | None = None

    @property
    def undo_until(self) -> datetime:
        """Until when it can be undone."""
        return self.at + CAN_BE_UNDONE_FOR
