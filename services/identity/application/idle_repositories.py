"""Where identity finds accounts that nobody uses (IDN-13)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from services.identity.domain.accounts import State
from services.identity.domain.inactivity import IdleSpan


class IdleAccounts(Protocol):
    """Accounts by when they were last signed in to, confirmed or reactivated."""

    def take(
        self, states: Collection[State], span: IdleSpan, most: int, not_warned_of: int | None = None
    ) -> Sequence[str]:
        """User IDs of at most so many that are in one of the states and idle in that span, locked; with
        `not_warned_of` those alone that were not told of so many days, or fewer, yet.
        """

    def count(self, states: Collection[State], span: IdleSpan, not_warned_of: int | None = None) -> int:
        """How many there are."""


class Erasure(Protocol):
    """Everything personal or secret that stands beside an account."""

    def forget(self, user_id: str) -> None:
        """Drop it; of sessions stays that they were, without the address that they came from."""
