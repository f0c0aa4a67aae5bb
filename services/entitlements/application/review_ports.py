"""What use cases need of reviews that are kept (ENT-13)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.entitlements.domain.reviews import ItemState, Review, ReviewItem, ReviewState


class Reviews(Protocol):
    """Reviews with their items."""

    def open(self, review: Review, items: Sequence[ReviewItem]) -> None:
        """Keep a new one."""

    def get(self, review_id: str) -> Review | None:
        """The review as it stands; in a writing transaction nobody else has it until the end."""

    def open_at(self, tin: str) -> Review | None:
        """The TIN's open one."""

    def of(self, tins: Collection[str], states: Collection[ReviewState]) -> Sequence[Review]:
        """Those of these TINs, newest first."""

    def waiting_for_support(self) -> Sequence[Review]:
        """Open ones, or closed ones with something suspended, in which access of a manager is still undecided."""

    def items(self, review_id: str) -> Sequence[ReviewItem]:
        """All of a review's, by line and user."""

    def counts(self, review_ids: Collection[str]) -> Mapping[str, Mapping[ItemState, int]]:
        """How many items of each review are in which state."""

    def save(self, review: Review) -> None:
        """Keep the next state of a review."""

    def save_item(self, item: ReviewItem) -> None:
        """Keep the next state of an item."""

    def due(self, as_of: datetime, limit: int, *, unreminded: bool = False) -> Sequence[Review]:
        """At most `limit` open ones that are due by then, earliest first; only those of which nobody was reminded."""

    def count_due(self, as_of: datetime, *, unreminded: bool = False) -> int:
        """How many there are of these."""

    def tins_unreviewed_since(self, moment: datetime, limit: int) -> Sequence[str]:
        """At most `limit` TINs that are managed, were so before that moment, and had no review since."""

    def count_unreviewed_since(self, moment: datetime) -> int:
        """How many there are of these."""
