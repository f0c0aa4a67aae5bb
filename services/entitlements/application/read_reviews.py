"""Reviews as managers and support see them: their progress, and each access to decide about (ENT-13)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.reviewing import (
    ReviewSight,
    reviewer_of,
    sight_of,
    visible_reviews,
)
from services.entitlements.domain.levels import Level
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Line
from services.entitlements.domain.reviews import ItemState, Review, ReviewItem, ReviewState


@dataclass(frozen=True, slots=True)
class ListReviews(Command):
    """`viewer` asks for the reviews of where they manage."""

    viewer: str
    is_support: bool = False
    tin: str | None = None
    states: frozenset[ReviewState] = frozenset(ReviewState)


@dataclass(frozen=True, slots=True)
class ReadReview(Command):
    """`viewer` opens one of them."""

    viewer: str
    review_id: str
    is_support: bool = False


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """A review with its progress as far as the viewer sees it; `yours` is how many accesses wait for their decision."""

    review: Review
    practice: str | None
    total: int
    undecided: int
    yours: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One access: as it was, as it is now (None once it is gone), and what was decided."""

    item: ReviewItem
    state: ItemState
    person: Person | None
    level: Level
    functions: tuple[str, ...]
    sensitive: tuple[str, ...]
    until: datetime | None
    since: datetime | None
    given_by: str | None
    version: str | None
    may_decide: bool

    @property
    def line(self) -> Line:
        """The line of business."""
        return self.item.place.line


@dataclass(frozen=True, slots=True)
class ReviewRead:
    """A review with all that the viewer sees of it, by line and name."""

    summary: ReviewSummary
    rows: tuple[ReviewRow, ...]


def list_reviews(command: ListReviews, work: UnitOfWork[Store], ports: Ports) -> Sequence[ReviewSummary]:
    """Newest first; none for somebody who manages nothing."""
    now = ports.clock.now()
    with work.reading() as store:
        reviewer = reviewer_of(command.viewer, store, now, is_support=command.is_support)
        found = []
        for review in visible_reviews(reviewer, command.tin, command.states, store):
            try:
                sight = sight_of(review, reviewer, store, now)
            except NotFoundError:
                continue
            found.append(summary_of(sight, store))
    return found


def read_review(command: ReadReview, work: UnitOfWork[Store], ports: Ports) -> ReviewRead:
    """Raises `NotFoundError` for a review that is not the viewer's to see."""
    now = ports.clock.now()
    with work.reading() as store:
        review = store.reviews.get(command.review_id)
        if review is None:
            raise NotFoundError
        reviewer = reviewer_of(command.viewer, store, now, is_support=command.is_support)
        return shown(sight_of(review, reviewer, store, now), store, ports)


def shown(sight: ReviewSight, store: Store, ports: Ports) -> ReviewRead:
    """What is in sight, for an answer."""
    people = store.people.of({item.user_id for item in sight.items})
    sensitive = ports.catalogue.sensitive
    rows = [_row(item, sight, people, sensitive) for item in sight.items]
    return ReviewRead(summary_of(sight, store), tuple(rows))


def summary_of(sight: ReviewSight, store: Store) -> ReviewSummary:
    """Its progress."""
    practice = store.practices.of([sight.review.tin]).get(sight.review.tin)
    return ReviewSummary(
        sight.review,
        practice.name if practice else None,
        total=len(sight.items),
        undecided=len(sight.undecided),
        yours=sum(map(sight.may_decide, sight.items)),
    )


def _row(item: ReviewItem, sight: ReviewSight, people: Mapping[str, Person], sensitive: Collection[str]) -> ReviewRow:
    access = sight.access(item)
    grant = access.grant if access else item.grant
    return ReviewRow(
        item=item,
        state=sight.state(item),
        person=people.get(item.user_id),
        level=grant.level,
        functions=tuple(sorted(grant.functions)),
        sensitive=tuple(sorted(grant.functions & frozenset(sensitive))),
        until=grant.until,
        since=access.since if access else None,
        given_by=access.given_by if access else None,
        version=access.access_id if access else None,
        may_decide=sight.may_decide(item),
    )
