"""How a nomination stands in the columns of its request."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from services.registration.domain.nominations import Nominated, Nomination, Nominee


def nomination_columns(nomination: Nomination | None) -> dict[str, str | None]:
    """The columns of `access_requests` that hold it."""
    nominee = nomination.nominee if nomination else None
    return {
        "nominated": nomination.whom.value if nomination else None,
        "nominee_first_name": nominee.first_name if nominee else None,
        "nominee_last_name": nominee.last_name if nominee else None,
        "nominee_email": nominee.email if nominee else None,
    }


def nomination_in(row: Row[Any]) -> Nomination | None:
    """The nomination in a row that has these columns; the other person is None once erased."""
    if row.nominated is None:
        return None
    erased = row.nominee_email is None
    nominee = None if erased else Nominee(row.nominee_first_name, row.nominee_last_name, row.nominee_email)
    return Nomination(Nominated(row.nominated), nominee)
