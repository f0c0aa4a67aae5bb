"""Who sees which review, and what is left to decide in it (ENT-13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import active_managers
from services.entitlements.application.ports import Store
from services.entitlements.application.seeing import standing_giver
from services.entitlements.domain.access import Access
from services.entitlements.domain.events import ReviewClosed
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Place
from services.entitlements.domain.reviews import ItemState, Review, Reviewer, ReviewItem, ReviewState


@dataclass(frozen=True, slots=True)
class ReviewSight:
    """A review as one reviewer sees it: their items, with the access that stands there now."""

    review: Review
    reviewer: Reviewer
    items: tuple[ReviewItem, ...]
    standing: Mapping[tuple[str, Place], Access]
    managers: Mapping[Place, frozenset[str]]

    def access(self, item: ReviewItem) -> Access | None:
        """What the item is about, as it is now."""
        return self.standing.get((item.user_id, item.place))

    def state(self, item: ReviewItem) -> ItemState:
        """Its state; what nobody decided about and is no longer there is gone."""
        return ItemState.GONE if item.is_decidable and self.access(item) is None else item.state

    def may_decide(self, item: ReviewItem) -> bool:
        """Whether the reviewer may, and there is something to decide."""
        return item.is_decidable and self.access(item) is not None and self.reviewer.may_decide(item, self.managers)

    @property
    def undecided(self) -> tuple[ReviewItem, ...]:
        """Those that still wait for anybody's decision."""
        return tuple(item for item in self.items if self.state(item) is ItemState.UNDECIDED)


def managed_by(user_id: str, store: Store, now: datetime) -> frozenset[Place]:
    """Where the user is an access manager now."""
    standing = standing_giver(user_id, store, now).standing
    return frozenset(place for place, grant in standing.items() if grant.level is Level.PRIMARY)


def reviewer_of(user_id: str, store: Store, now: datetime, *, is_support: bool) -> Reviewer:
    """The caller as a reviewer."""
    return Reviewer(user_id, managed_by(user_id, store, now), is_support)


def sight_of(review: Review, reviewer: Reviewer, store: Store, now: datetime) -> ReviewSight:
    """Raises `NotFoundError` for a review of which the reviewer sees nothing: managers see what is where they manage,
    support the access of only managers.
    """
    whole = whole_sight(review, reviewer, store, now)
    items = tuple(item for item in whole.items if item.place in reviewer.manages or _is_supports(item, whole))
    if not items:
        raise NotFoundError
    return ReviewSight(review, reviewer, items, whole.standing, whole.managers)


def whole_sight(review: Review, reviewer: Reviewer, store: Store, now: datetime) -> ReviewSight:
    """All of a review, whoever sees it."""
    standing = store.accesses.standing_at(review.places)
    return ReviewSight(
        review,
        reviewer,
        tuple(store.reviews.items(review.review_id)),
        {(access.user_id, access.place): access for access in standing if not access.has_lapsed(now)},
        active_managers(review.places, store, now),
    )


def visible_reviews(
    reviewer: Reviewer, tin: str | None, states: Collection[ReviewState], store: Store
) -> Sequence[Review]:
    """Those of the TINs that the reviewer manages, newest first; for support those that wait for it, too."""
    tins = {place.tin for place in reviewer.manages if tin in {None, place.tin}}
    found = {review.review_id: review for review in store.reviews.of(tins, states)}
    if reviewer.is_support:
        waiting = [each for each in store.reviews.waiting_for_support() if each.state in states]
        found |= {each.review_id: each for each in waiting if tin in {None, each.tin}}
    return sorted(found.values(), key=lambda review: (review.opened_at, review.review_id), reverse=True)


def close(sight: ReviewSight, work: UnitOfWork[Store], now: datetime) -> Review:
    """End a review of which all is in sight and nothing undecided."""
    store, review = work.writing(), sight.review.closed(now)
    for item in sight.items:
        if item.state is ItemState.UNDECIDED:
            store.reviews.save_item(item.decided(ItemState.GONE, None, now))
    store.reviews.save(review)
    outcome = Counter(sight.state(item).value for item in sight.items)
    practice = store.practices.of([review.tin]).get(review.tin)
    managers = frozenset[str]().union(*active_managers(review.places, store, now).values())
    work.record(ReviewClosed(review, practice.name if practice else None, dict(outcome), tuple(sorted(managers))))
    return review


def _is_supports(item: ReviewItem, sight: ReviewSight) -> bool:
    return sight.reviewer.is_support and sight.managers.get(item.place, frozenset()) == {item.user_id}
