"""The shapes of what is told of access reviews (ENT-13)."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.bus.schemas import PublishedSchema
from services.entitlements.domain.places import Line
from services.entitlements.domain.reviews import ItemState
from services.entitlements.events.shapes import GrantSchema, PersonSchema, PracticePlaceSchema


def _moment() -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, format="iso")


class _ReviewSchema(PublishedSchema):
    review_id = fields.String(required=True)
    tin = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{9}$"))
    lines = fields.List(fields.String(validate=validate.OneOf([line.value for line in Line])), required=True)
    practice = fields.String(required=True, allow_none=True)
    due_at = _moment()
    managers = fields.List(fields.String(), required=True, metadata={"description": "User IDs, sorted."})


class ReviewOpenedSchema(_ReviewSchema):
    """A review waits for the decisions of `managers`; `by` is a user ID or `system:<part>`."""

    by = fields.String(required=True)
    at = _moment()
    total = fields.Integer(required=True, metadata={"description": "How much there is to decide about."})


class ReviewReminderDueSchema(_ReviewSchema):
    """A review ends soon; `managers` still have something to decide in it."""

    undecided = fields.Integer(required=True)


class ReviewClosedSchema(_ReviewSchema):
    """A review is over."""

    at = _moment()
    outcome = fields.Dict(
        keys=fields.String(validate=validate.OneOf([state.value for state in ItemState])),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many accesses came to which state."},
    )


class ReviewDecidedSchema(PracticePlaceSchema):
    """Somebody decided about one access, which was `grant` as the review opened."""

    review_id = fields.String(required=True)
    user_id = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf([ItemState.KEPT.value, ItemState.REMOVED.value]))
    grant = fields.Nested(GrantSchema, required=True)
    by = fields.String(required=True)
    at = _moment()
    person = fields.Nested(PersonSchema, required=True)
