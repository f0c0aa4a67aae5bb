"""Which outreach cases support looks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.domain.outreach import CaseState

Place = tuple[datetime, UUID]
"""Where a case stands in a list: its due date, of closed ones when they were closed, and its id."""


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """In a state as it is at `now`, None for all that are not closed; of one TIN, or with `text` in the practice's
    name, in capitals or not.
    """

    state: CaseState | None
    now: datetime
    tin: str | None = None
    text: str = ""
