"""Open an access review of a TIN: by a manager, or by the calendar (ENT-13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.kernel.errors import NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import active_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.reviewing import managed_by
from services.entitlements.domain.errors import ReviewAlreadyOpenError
from services.entitlements.domain.events import ReviewOpened
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.reviews import Review, ReviewItem

_BY_CALENDAR: Final = "system:jobs"
_BATCH: Final = 10


@dataclass(frozen=True, slots=True)
class OpenReview(Command):
    """`opener` wishes the TIN to be reviewed, in all lines that they manage."""

    opener: str
    tin: str


def open_review(command: OpenReview, work: UnitOfWork[Store], ports: Ports) -> Review:
    """Raises `NotFoundError` for a TIN that the opener does not manage, `ReviewAlreadyOpenError`."""
    now, store = ports.clock.now(), work.writing()
    store.lines.lock([command.tin])
    places = [place for place in managed_by(command.opener, store, now) if place.tin == command.tin]
    if not places:
        raise NotFoundError
    if store.reviews.open_at(command.tin):
        raise ReviewAlreadyOpenError("There is an open review of this TIN already: decide about it first.")
    return _open(command.opener, command.tin, {place.line for place in places}, work, ports)


def open_due_reviews(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Open some of the reviews that are due by then; returns how many, 0 if none is left."""
    store, rules = work.writing(), ports.reviews
    tins = store.reviews.tins_unreviewed_since(as_of - rules.every, _BATCH)
    store.lines.lock(tins)
    opened = 0
    for tin in tins:
        managed = active_managers([Place(tin, line) for line in Line], store, ports.clock.now())
        lines = {place.line for place, users in managed.items() if users}
        if lines and store.reviews.open_at(tin) is None:
            _open(_BY_CALENDAR, tin, lines, work, ports)
            opened += 1
    return opened


def count_due_reviews(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """How many are due by then (GO-7)."""
    with work.reading() as store:
        return store.reviews.count_unreviewed_since(as_of - ports.reviews.every)


def _open(by: str, tin: str, lines: Collection[Line], work: UnitOfWork[Store], ports: Ports) -> Review:
    now, store = ports.clock.now(), work.writing()
    review = Review(str(new_id()), tin, frozenset(lines), by, now, now + ports.reviews.lasts)
    standing = [access for access in store.accesses.standing_at(review.places) if not access.has_lapsed(now)]
    items = [ReviewItem(str(new_id()), review.review_id, each.user_id, each.place, each.grant) for each in standing]
    store.reviews.open(review, items)
    practice = store.practices.of([tin]).get(tin)
    managers = frozenset[str]().union(*active_managers(review.places, store, now).values())
    work.record(ReviewOpened(review, practice.name if practice else None, len(items), tuple(sorted(managers))))
    return review
