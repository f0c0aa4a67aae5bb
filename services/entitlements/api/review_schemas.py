"""The shapes of access reviews (ENT-13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import fields, post_load, validate

from chassis.web.paging import PageQuery
from chassis.web.schemas import Instant, RequestSchema, ResponseSchema
from services.entitlements.api.places import level_field, line_field, lines_field, tin_field
from services.entitlements.application.decide_review import Decision
from services.entitlements.application.read_reviews import ReviewRow, ReviewSummary
from services.entitlements.domain.reviews import ItemState, ReviewState, Verdict

_MOST = 200


class OpenSchema(RequestSchema):
    """Which TIN."""

    tin = tin_field(required=True)


class ReviewsQuery(PageQuery):
    """Which reviews."""

    state = fields.Enum(ReviewState, by_value=True, load_default=None)
    tin = tin_field(load_default=None)


class ReviewQuery(PageQuery):
    """Which of its accesses."""

    state = fields.Enum(ItemState, by_value=True, load_default=None)


class ReviewSchema(ResponseSchema):
    """A review with its progress, as far as you see it."""

    id = fields.UUID(required=True)
    tin = fields.String(required=True)
    practice = fields.String(required=True, allow_none=True)
    lines = lines_field(required=True)
    state = fields.Enum(ReviewState, by_value=True, required=True)
    opened_by = fields.String(required=True, metadata={"description": "A user ID, or `system:<part>`."})
    opened_at = Instant(required=True)
    due_at = Instant(required=True)
    closed_at = Instant(required=True, allow_none=True)
    total = fields.Integer(required=True)
    undecided = fields.Integer(required=True)
    yours = fields.Integer(required=True, metadata={"description": "How many wait for your own decision."})


class ReviewItemSchema(ResponseSchema):
    """One access under review: as it is, or was before it went."""

    id = fields.UUID(required=True)
    user_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    job_role = fields.String(required=True, allow_none=True)
    line = line_field(required=True)
    level = level_field(required=True)
    functions = fields.List(fields.String(), required=True)
    sensitive = fields.List(fields.String(), required=True, metadata={"description": "Those of `functions` that are."})
    since = Instant(required=True, allow_none=True)
    until = Instant(required=True, allow_none=True)
    given_by = fields.String(required=True, allow_none=True)
    state = fields.Enum(ItemState, by_value=True, required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    version = fields.String(
        required=True, allow_none=True, metadata={"description": "Of the access, for a decision about just this."}
    )
    may_decide = fields.Boolean(required=True)


class ReviewPageSchema(ReviewSchema):
    """A review with a page of its accesses, by line and user ID."""

    items = fields.List(fields.Nested(ReviewItemSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class DecisionSchema(RequestSchema):
    """What is decided about one access; loads to a `Decision`."""

    item = fields.UUID(required=True)
    decision = fields.Enum(Verdict, by_value=True, required=True)
    version = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 64),
        metadata={"description": "The item's, as you saw it; with another one nothing is decided (412)."},
    )

    @post_load
    def decision_of(self, data: dict[str, Any], **_: Any) -> Decision:
        """Put the decision together."""
        return Decision(str(data["item"]), data["decision"], data["version"])


class DecisionsSchema(RequestSchema):
    """Decisions, all of them or none."""

    decisions = fields.List(fields.Nested(DecisionSchema), required=True, validate=validate.Length(1, _MOST))


def shown_summary(summary: ReviewSummary) -> dict[str, Any]:
    """A review as `ReviewSchema` dumps it."""
    review = summary.review
    return {
        "id": review.review_id,
        "tin": review.tin,
        "practice": summary.practice,
        "lines": sorted(review.lines),
        "state": review.state,
        "opened_by": review.opened_by,
        "opened_at": review.opened_at,
        "due_at": review.due_at,
        "closed_at": review.closed_at,
        "total": summary.total,
        "undecided": summary.undecided,
        "yours": summary.yours,
    }


def shown_rows(rows: Iterable[ReviewRow]) -> list[dict[str, Any]]:
    """Accesses as `ReviewItemSchema` dumps them."""
    return [
        {
            "id": row.item.item_id,
            "user_id": row.item.user_id,
            "name": row.person.profile.name if row.person else None,
            "job_role": row.person.profile.job_role if row.person else None,
            "line": row.line,
            "level": row.level,
            "functions": row.functions,
            "sensitive": row.sensitive,
            "since": row.since,
            "until": row.until,
            "given_by": row.given_by,
            "state": row.state,
            "decided_by": row.item.decided_by,
            "decided_at": row.item.decided_at,
            "version": row.version,
            "may_decide": row.may_decide,
        }
        for row in rows
    ]
