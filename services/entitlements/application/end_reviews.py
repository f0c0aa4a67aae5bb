"""Remind of reviews that end soon, and end them (ENT-13).

What nobody decided about is suspended as far as it is sensitive, but never the last manager's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.examining import managers_at
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.reviewing import ReviewSight, close, whole_sight
from services.entitlements.application.suspending import Hold, suspend
from services.entitlements.domain.access import REVIEW, Access
from services.entitlements.domain.events import ReviewReminderDue
from services.entitlements.domain.reviews import ItemState, Review, Reviewer, ReviewItem, ReviewState, to_suspend

_NOBODY: Final = Reviewer("system:jobs", frozenset(), is_support=False)
_BATCH: Final = 20


def remind_reviewers(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Remind of some of the reviews that are due for it by then; returns of how many, 0 if none is left."""
    store, now = work.writing(), ports.clock.now()
    due = store.reviews.due(as_of + ports.reviews.remind_before, _BATCH, unreminded=True)
    for found in due:
        review = _locked(found, store)
        if review is not None:
            store.reviews.save(replace(review, reminded=True))
            _remind(whole_sight(review, _NOBODY, store, now), work)
    return len(due)


def count_to_remind(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many are due for it by then (GO-7)."""
    with work.reading() as store:
        return store.reviews.count_due(as_of + ports.reviews.remind_before, unreminded=True)


def end_reviews(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """End one of the reviews that are due by then; returns how many, 0 if none is left."""
    now = ports.clock.now()
    with work.reading() as store:
        due = store.reviews.due(as_of, 1)
        items = [item for review in due for item in store.reviews.items(review.review_id)]
    store = work.writing()
    for user_id in sorted({item.user_id for item in items if item.state is ItemState.UNDECIDED}):
        store.people.lock(user_id)
    store.lines.lock({review.tin for review in due})
    for found in due:
        review = _locked(found, store)
        if review is not None:
            _end(whole_sight(review, _NOBODY, store, now), work, ports, now)
    return len(due)


def count_ending_reviews(work: UnitOfWork[Store], as_of: datetime) -> int:
    """How many end by then (GO-7)."""
    with work.reading() as store:
        return store.reviews.count_due(as_of)


def _locked(found: Review, store: Store) -> Review | None:
    review = store.reviews.get(found.review_id)
    return review if review is not None and review.state is ReviewState.OPEN else None


def _remind(sight: ReviewSight, work: UnitOfWork[Store]) -> None:
    """Those who could decide about somebody else."""
    review, waiting = sight.review, sight.undecided
    if not waiting:
        return
    busy = {user for item in waiting for user in sight.managers.get(item.place, ()) if user != item.user_id}
    practice = work.writing().practices.of([review.tin]).get(review.tin)
    name = practice.name if practice else None
    work.record(ReviewReminderDue(review, name, len(waiting), tuple(sorted(busy))))


def _end(sight: ReviewSight, work: UnitOfWork[Store], ports: Ports, now: datetime) -> None:
    for item in sight.undecided:
        _leave(item, sight, work, ports, now)
    close(whole_sight(sight.review, _NOBODY, work.writing(), now), work, now)


def _leave(item: ReviewItem, sight: ReviewSight, work: UnitOfWork[Store], ports: Ports, now: datetime) -> None:
    """Nobody decided about it; whether it is the last manager's is looked at anew each time."""
    store, access = work.writing(), sight.access(item)
    if access is None:
        return
    lasting = managers_at([item.place.tin], store, now).lasting.get(item.place, frozenset())
    is_last = access.manages and lasting <= {item.user_id}
    functions = to_suspend(access.grant, ports.catalogue.sensitive, is_last_manager=is_last)
    if functions is None or functions:
        _suspend(access, functions, work, now)
        store.reviews.save_item(item.decided(ItemState.SUSPENDED, None, now))
    else:
        store.reviews.save_item(item.decided(ItemState.LEFT, None, now))


def _suspend(access: Access, functions: frozenset[str] | None, work: UnitOfWork[Store], now: datetime) -> None:
    """Beside what an earlier review has suspended already, which one decision brings back with it."""
    if REVIEW in access.suspended or (functions is not None and functions <= access.withheld):
        return
    if access.withheld:
        work.writing().suspensions.end([access], REVIEW, now)
    suspend(access, Hold(REVIEW, "system:jobs", now), work, None if functions is None else functions | access.withheld)
