"""Reviews in SQL (ENT-13)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, insert, or_, select, update

from services.entitlements.adapters.tables import access, review, review_item
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.reviews import DECIDABLE, ItemState, Review, ReviewItem, ReviewState

_MOST = 200


class SqlReviews:
    """`Reviews` on one connection; a writing one locks the review that it gets."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._writes = connection.get_execution_options().get("write", True)

    def open(self, opened: Review, items: Sequence[ReviewItem]) -> None:
        self._connection.execute(
            insert(review).values(
                review_id=opened.review_id,
                tin=opened.tin,
                lines=sorted(opened.lines),
                opened_by=opened.opened_by,
                opened_at=opened.opened_at,
                due_at=opened.due_at,
                state=opened.state.value,
            )
        )
        if items:
            self._connection.execute(insert(review_item), [_item_values(item) for item in items])

    def get(self, review_id: str) -> Review | None:
        statement = select(review).where(review.c.review_id == review_id)
        row = self._connection.execute(statement.with_for_update() if self._writes else statement).first()
        return _review(row) if row else None

    def open_at(self, tin: str) -> Review | None:
        row = self._connection.execute(
            select(review).where(review.c.tin == tin, review.c.state == ReviewState.OPEN.value)
        ).first()
        return _review(row) if row else None

    def of(self, tins: Collection[str], states: Collection[ReviewState]) -> Sequence[Review]:
        if not tins:
            return []
        return self._newest(review.c.tin.in_(sorted(tins)), review.c.state.in_(sorted(states)))

    def waiting_for_support(self) -> Sequence[Review]:
        waits = exists().where(
            review_item.c.review_id == review.c.review_id,
            review_item.c.level == Level.PRIMARY.value,
            review_item.c.state.in_(sorted(DECIDABLE)),
        )
        return self._newest(waits)

    def items(self, review_id: str) -> Sequence[ReviewItem]:
        statement = (
            select(review_item)
            .where(review_item.c.review_id == review_id)
            .order_by(review_item.c.line, review_item.c.user_id)
        )
        return [_item(row) for row in self._connection.execute(statement)]

    def counts(self, review_ids: Collection[str]) -> Mapping[str, Mapping[ItemState, int]]:
        statement = (
            select(review_item.c.review_id, review_item.c.state, func.count().label("number"))
            .where(review_item.c.review_id.in_(sorted(review_ids)))
            .group_by(review_item.c.review_id, review_item.c.state)
        )
        found: dict[str, dict[ItemState, int]] = {}
        for row in self._connection.execute(statement):
            found.setdefault(row.review_id, {})[ItemState(row.state)] = row.number
        return found

    def save(self, changed: Review) -> None:
        values = {"state": changed.state.value, "reminded": changed.reminded, "closed_at": changed.closed_at}
        self._connection.execute(update(review).where(review.c.review_id == changed.review_id).values(values))

    def save_item(self, item: ReviewItem) -> None:
        values = {"state": item.state.value, "decided_by": item.decided_by, "decided_at": item.decided_at}
        self._connection.execute(update(review_item).where(review_item.c.item_id == item.item_id).values(values))

    def due(self, as_of: datetime, limit: int, *, unreminded: bool = False) -> Sequence[Review]:
        statement = select(review).where(*_due(as_of, unreminded=unreminded))
        ordered = statement.order_by(review.c.due_at, review.c.review_id).limit(limit)
        return [_review(row) for row in self._connection.execute(ordered)]

    def count_due(self, as_of: datetime, *, unreminded: bool = False) -> int:
        counted = select(func.count()).select_from(review).where(*_due(as_of, unreminded=unreminded))
        return int(self._connection.execute(counted).scalar_one())

    def tins_unreviewed_since(self, moment: datetime, limit: int) -> Sequence[str]:
        statement = _unreviewed(moment).order_by(access.c.tin).limit(limit)
        return list(self._connection.execute(statement).scalars())

    def count_unreviewed_since(self, moment: datetime) -> int:
        counted = select(func.count()).select_from(_unreviewed(moment).subquery())
        return int(self._connection.execute(counted).scalar_one())

    def _newest(self, *conditions: ColumnElement[bool]) -> list[Review]:
        statement = select(review).where(*conditions).order_by(review.c.opened_at.desc(), review.c.review_id)
        return [_review(row) for row in self._connection.execute(statement.limit(_MOST))]


def _due(as_of: datetime, *, unreminded: bool) -> list[ColumnElement[bool]]:
    is_due = [review.c.state == ReviewState.OPEN.value, review.c.due_at <= as_of]
    return [*is_due, ~review.c.reminded] if unreminded else is_due


def _unreviewed(moment: datetime) -> Select[Any]:
    """TINs with an access manager now, with access since that moment or longer, and no review opened after it."""
    earlier, of_tin = access.alias("earlier"), review.c.tin == access.c.tin
    known = exists().where(earlier.c.tin == access.c.tin, earlier.c.since <= moment)
    recent = exists().where(of_tin, or_(review.c.opened_at > moment, review.c.state == ReviewState.OPEN.value))
    managed = (access.c.level == Level.PRIMARY.value, access.c.ended_at.is_(None))
    return select(access.c.tin).where(*managed, known, ~recent).distinct()


def _review(row: Row[Any]) -> Review:
    return Review(
        row.review_id,
        row.tin,
        frozenset(map(Line, row.lines)),
        row.opened_by,
        row.opened_at,
        row.due_at,
        ReviewState(row.state),
        row.reminded,
        row.closed_at,
    )


def _item(row: Row[Any]) -> ReviewItem:
    return ReviewItem(
        row.item_id,
        row.review_id,
        row.user_id,
        Place(row.tin, Line(row.line)),
        Grant(Level(row.level), frozenset(row.functions), row.until),
        ItemState(row.state),
        row.decided_by,
        row.decided_at,
    )


def _item_values(item: ReviewItem) -> dict[str, Any]:
    return {
        "item_id": item.item_id,
        "review_id": item.review_id,
        "user_id": item.user_id,
        "tin": item.place.tin,
        "line": item.place.line.value,
        "level": item.grant.level.value,
        "functions": sorted(item.grant.functions),
        "until": item.grant.until,
        "state": item.state.value,
    }
