"""Access reviews (ENT-13): every access at a TIN is kept or removed by a manager other than its holder, in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line, Place


class ReviewState(StrEnum):
    """Whether a review still waits for decisions."""

    OPEN = "open"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What a manager decides about one access."""

    KEEP = "keep"
    REMOVE = "remove"


class ItemState(StrEnum):
    """What became of one access: nobody decided in time about those `suspended` and `left`; `gone` is what ended by
    itself or was taken away meanwhile.
    """

    UNDECIDED = "undecided"
    KEPT = "kept"
    REMOVED = "removed"
    GONE = "gone"
    SUSPENDED = "suspended"
    LEFT = "left"


DECIDABLE = frozenset({ItemState.UNDECIDED, ItemState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """How often a TIN is reviewed, for how long a review waits, and how long before its end managers are reminded."""

    every: timedelta = timedelta(days=365)
    lasts: timedelta = timedelta(days=60)
    remind_before: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Review:
    """Of these lines of a TIN; `opened_by` is a user ID or `system:<part>`."""

    review_id: str
    tin: str
    lines: frozenset[Line]
    opened_by: str
    opened_at: datetime
    due_at: datetime
    state: ReviewState = ReviewState.OPEN
    reminded: bool = False
    closed_at: datetime | None = None

    @property
    def places(self) -> frozenset[Place]:
        """What is reviewed."""
        return frozenset(Place(self.tin, line) for line in self.lines)

    def closed(self, at: datetime) -> Review:
        """The same once it is over."""
        return replace(self, state=ReviewState.CLOSED, closed_at=at)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One person's access at one place, with what it was as the review opened."""

    item_id: str
    review_id: str
    user_id: str
    place: Place
    grant: Grant
    state: ItemState = ItemState.UNDECIDED
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def is_decidable(self) -> bool:
        """Whether somebody may still decide: also later about what was suspended, which comes back so."""
        return self.state in DECIDABLE

    def decided(self, state: ItemState, by: str | None, at: datetime) -> ReviewItem:
        """The same once it is settled."""
        return replace(self, state=state, decided_by=by, decided_at=at)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who looks at a review: where they manage, and whether they are a support agent."""

    user_id: str
    manages: frozenset[Place]
    is_support: bool

    def may_decide(self, item: ReviewItem, managers: Mapping[Place, frozenset[str]]) -> bool:
        """A manager of the place decides about others; about its only manager support does."""
        if item.user_id == self.user_id:
            return False
        is_sole = managers.get(item.place, frozenset()) == {item.user_id}
        return item.place in self.manages or (self.is_support and is_sole)


def to_suspend(grant: Grant, sensitive: Iterable[str], *, is_last_manager: bool) -> frozenset[str] | None:
    """What is suspended of access that nobody decided about: None for all of it, else functions, perhaps none.

    A level that fixes sensitive functions is suspended as a whole, since it cannot be without them; but never that of
    the last manager.
    """
    if grant.level is Level.PROCESSOR:
        return grant.functions & frozenset(sensitive)
    return frozenset() if is_last_manager else None
