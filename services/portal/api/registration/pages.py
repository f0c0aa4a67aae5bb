"""All pages of registering, on their one blueprint."""

from __future__ import annotations

from services.portal.api.registration import (
    account,
    done,
    going_on,
    hints,
    leave,
    practice_type,
    review,
    temporary_id,
    tins,
)
from services.portal.api.registration.wizard import blueprint

PAGES = (practice_type, temporary_id, tins, account, hints, review, done, leave, going_on)

__all__ = ["PAGES", "blueprint"]
