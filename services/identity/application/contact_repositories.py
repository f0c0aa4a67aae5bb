"""Where changes of contacts are kept for as long as they can be undone (IDN-5)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from services.identity.domain.contact_changes import ContactChange


class ContactChanges(Protocol):
    """Changes that took effect; whoever adds or ends one holds the lock of its account."""

    def add(self, change: ContactChange) -> None:
        """Keep a new one."""

    def of_token(self, digest: str) -> ContactChange | None:
        """The change that a token undoes, over or not."""

    def end_since(self, user_id: str, changed_at: datetime) -> None:
        """Let none of the account's that were made then or later be undone any more."""

    def purge(self, expired_before: datetime) -> int:
        """Drop what could be undone until then; returns how many."""
