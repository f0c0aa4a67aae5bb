"""The one form in which a user ID stands in tables, events, tokens and answers (REG-6)."""

from __future__ import annotations

import unicodedata


def fold(user_id: str) -> str:
    """The canonical user ID: NFKC-normalised, case folded, without blanks around it; the same for every spelling."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", user_id).strip().casefold())
