"""Decide about accesses under review: keep or remove, by a manager other than their holder (ENT-13, GO-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import ChangedMeanwhileError, Fault, InvalidError, NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.change_in_bulk import make_so
from services.entitlements.application.examining_many import ManyWished, examine_many, lock_users
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.read_reviews import ReviewRead, shown
from services.entitlements.application.reviewing import ReviewSight, close, reviewer_of, sight_of, whole_sight
from services.entitlements.application.suspending import Hold, restore
from services.entitlements.domain.access import REVIEW, Access
from services.entitlements.domain.changes import Wish
from services.entitlements.domain.errors import (
    AlreadyReviewedError,
    LastManagerError,
    NotYoursToDecideError,
    OwnAccessReviewError,
)
from services.entitlements.domain.events import ReviewDecided
from services.entitlements.domain.places import Place
from services.entitlements.domain.reviews import ItemState, ReviewItem, ReviewState, Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """About one item; `version` is that of the access which the decider saw, None for whichever stands."""

    item_id: str
    verdict: Verdict
    version: str | None = None


@dataclass(frozen=True, slots=True)
class DecideReview(Command):
    """`decider` decides about some of a review's items, all of them or none."""

    decider: str
    review_id: str
    decisions: tuple[Decision, ...]
    is_support: bool = False


def decide_review(command: DecideReview, work: UnitOfWork[Store], ports: Ports) -> ReviewRead:
    """Raises `NotFoundError`, `InvalidError` naming items that are not there, `OwnAccessReviewError`,
    `NotYoursToDecideError`, `AlreadyReviewedError`, `ChangedMeanwhileError` for access that is not as it was seen, and
    what rules forbid of a removal. The last decision ends the review.
    """
    now = ports.clock.now()
    with work.reading() as store:
        concerned = _items(command, _sight(command, store, now))
    users, tins = sorted({item.user_id for item, _ in concerned}), {item.place.tin for item, _ in concerned}
    store = lock_users(users, sorted(tins), work)
    sight = _sight(command, store, now)
    decided = _items(command, sight)
    for item, decision in decided:
        _check(item, decision, sight)
    _remove([item for item, decision in decided if decision.verdict is Verdict.REMOVE], sight, work, ports)
    for item, decision in decided:
        _note(item, decision.verdict, sight, work, now)
    whole = whole_sight(sight.review, sight.reviewer, store, now)
    if sight.review.state is ReviewState.OPEN and not whole.undecided:
        close(whole, work, now)
    return shown(_sight(command, store, now), store, ports)


def _sight(command: DecideReview, store: Store, now: datetime) -> ReviewSight:
    review = store.reviews.get(command.review_id)
    if review is None:
        raise NotFoundError
    reviewer = reviewer_of(command.decider, store, now, is_support=command.is_support)
    return sight_of(review, reviewer, store, now)


def _items(command: DecideReview, sight: ReviewSight) -> list[tuple[ReviewItem, Decision]]:
    known = {item.item_id: item for item in sight.items}
    named = [decision.item_id for decision in command.decisions]
    faults = [
        Fault(f"/decisions/{number}/item", "item_unknown", "This review has no such item that you may see.")
        for number, item_id in enumerate(named)
        if item_id not in known
    ]
    faults += [
        Fault(f"/decisions/{number}/item", "item_duplicate", "Each item stands in the list once.")
        for number, item_id in enumerate(named)
        if item_id in named[:number]
    ]
    if faults:
        raise InvalidError(faults)
    return [(known[decision.item_id], decision) for decision in command.decisions]


def _check(item: ReviewItem, decision: Decision, sight: ReviewSight) -> None:
    access = sight.access(item)
    if item.user_id == sight.reviewer.user_id:
        raise OwnAccessReviewError("Nobody reviews their own access: another manager does, or support.")
    if not item.is_decidable:
        raise AlreadyReviewedError("Somebody has decided about this access already.")
    if access is None or decision.version not in {None, access.access_id}:
        raise ChangedMeanwhileError
    if not sight.may_decide(item):
        raise NotYoursToDecideError("An access manager of this TIN and line decides about it.")
    if item.place not in sight.reviewer.manages and decision.verdict is Verdict.REMOVE:
        raise LastManagerError("This is the only access manager here: removing them takes an outreach case.")


def _remove(items: Sequence[ReviewItem], sight: ReviewSight, work: UnitOfWork[Store], ports: Ports) -> None:
    """Through the one rule engine, as a whole (GO-2)."""
    if not items:
        return

    def wishing(user_id: str, standing: Mapping[Place, Access]) -> Sequence[Wish]:
        mine = [item.place for item in items if item.user_id == user_id and item.place in standing]
        return [Wish(place, None, frozenset()) for place in mine]

    users, tins = sorted({item.user_id for item in items}), frozenset(item.place.tin for item in items)
    decider = sight.reviewer.user_id
    make_so(
        examine_many(ManyWished(decider, users, tins, wishing), work.writing(), ports), decider, work, ports.clock.now()
    )


def _note(item: ReviewItem, verdict: Verdict, sight: ReviewSight, work: UnitOfWork[Store], now: datetime) -> None:
    store, access = work.writing(), sight.access(item)
    state = ItemState.KEPT if verdict is Verdict.KEEP else ItemState.REMOVED
    decided = item.decided(state, sight.reviewer.user_id, now)
    store.reviews.save_item(decided)
    practice = store.practices.of([item.place.tin]).get(item.place.tin)
    person = store.people.of([item.user_id])[item.user_id]
    work.record(ReviewDecided(decided, practice.name if practice else None, person.profile))
    if state is ItemState.KEPT and item.state is ItemState.SUSPENDED and access is not None:
        restore(access, Hold(REVIEW, sight.reviewer.user_id, now), work)
