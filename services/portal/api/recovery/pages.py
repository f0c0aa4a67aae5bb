"""The pages for whoever forgot a user ID or a password, on their one blueprint."""

from __future__ import annotations

from services.portal.api.recovery import begin, new_password, proofs, reminder
from services.portal.api.recovery.steps import blueprint

PAGES = (reminder, begin, proofs, new_password)

__all__ = ["PAGES", "blueprint"]
