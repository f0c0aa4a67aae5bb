"""The delegation history as a document: which columns, in which order, and what stands in them (AUD-2)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from services.audit.domain.changes import TITLES

COLUMNS: Final = (
    "USER MAKING CHANGE",
    "TYPE OF CHANGE",
    "FIRST NAME",
    "MIDDLE INITIAL",
    "LAST NAME",
    "TEMPORARY ID",
    "HAS USER REGISTERED?",
    "PERMANENT ID",
    "EMAIL",
    "PHONE",
    "DATE/TIME UPDATED",
)

DETAIL_COLUMNS: Final = (
    "TIN",
    "LINE OF BUSINESS",
    "LEVEL BEFORE",
    "FUNCTIONS BEFORE",
    "UNTIL BEFORE",
    "LEVEL AFTER",
    "FUNCTIONS AFTER",
    "UNTIL AFTER",
)


class ReportRow(NamedTuple):
    """A change as it is kept for documents: first what stands under `COLUMNS`, then what under `DETAIL_COLUMNS`.

    `kind` is a `Kind`'s code, functions are one text with semicolons, moments are in UTC. A million of these pass
    through a document: so they are flat, and come as the database has them.
    """

    changed_by: str
    kind: str
    first_name: str | None
    middle_initial: str | None
    last_name: str | None
    temporary_id: str | None
    registered: bool
    user_id: str | None
    email: str | None
    phone: str | None
    at: datetime
    tin: str
    line: str
    before_level: str | None
    before_functions: str | None
    before_until: datetime | None
    after_level: str | None
    after_functions: str | None
    after_until: datetime | None


TITLE_OF: Final = {kind.value: title for kind, title in TITLES.items()}
"""What documents say for a kind's code."""

YES_OR_NO: Final = {True: "Yes", False: "No"}
