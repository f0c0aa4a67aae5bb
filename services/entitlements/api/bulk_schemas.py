"""The shapes of changes of many users at once."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from chassis.web.schemas import Instant, RequestSchema, ResponseSchema
from services.entitlements.api.access_schemas import OutcomeSchema, shown
from services.entitlements.api.places import UserIdField, level_field, line_field, tin_field
from services.entitlements.application.change_in_bulk import BulkOutcome
from services.entitlements.application.edit_wishes import WishedEdit
from services.entitlements.domain.changes import Keep
from services.entitlements.domain.places import Place

_MOST_USERS = 200
_MOST_PLACES = 300
_MOST_FUNCTIONS = 200


def _functions(meaning: str) -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.Length(1, 64)),
        load_default=(),
        validate=validate.Length(max=_MOST_FUNCTIONS),
        metadata={"description": meaning},
    )


class RemoveSchema(RequestSchema):
    """What is to go at one TIN and line; loads to a `WishedEdit`."""

    tin = tin_field(required=True)
    line = line_field(required=True)
    level = level_field(
        load_default=None, allow_none=True, metadata={"description": "From people of this level alone; null: of any."}
    )
    functions = _functions("Those to go; without any, all access there goes.")

    @post_load
    def wish(self, data: dict[str, Any], **_: Any) -> WishedEdit:
        """Put the wish together."""
        until = data.get("until", Keep.UNTIL)
        return WishedEdit(Place(data["tin"], data["line"]), data["level"], tuple(data["functions"]), until)


class AddSchema(RemoveSchema):
    """What is to come at one TIN and line; loads to a `WishedEdit`."""

    level = level_field(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "What they are to be at least; null: what they are, a processor where they have nothing."
        },
    )
    functions = _functions("Those to come, besides what each has.")
    until = Instant(allow_none=True, metadata={"description": "When access there ends; null: never; absent: as it is."})


class BulkSchema(RequestSchema):
    """What many users are to gain and to lose; of one place, what is lost is lost first."""

    user_ids = fields.List(
        UserIdField(validate=validate.Length(1, 64)), required=True, validate=validate.Length(1, _MOST_USERS)
    )
    add = fields.List(fields.Nested(AddSchema), load_default=(), validate=validate.Length(max=_MOST_PLACES))
    remove = fields.List(fields.Nested(RemoveSchema), load_default=(), validate=validate.Length(max=_MOST_PLACES))
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Preview: nothing is changed."})


class UndoSchema(RequestSchema):
    """Whether it is in earnest."""

    dry_run = fields.Boolean(load_default=False, metadata={"description": "Preview: nothing is changed."})


class UserOutcomeSchema(OutcomeSchema):
    """The same for one of many users."""

    user_id = fields.String(required=True)
    name = fields.String(required=True)


class BulkOutcomeSchema(ResponseSchema):
    """What becomes of each user, in the order of the call; `id` is null for a preview and where nothing changed."""

    id = fields.UUID(required=True, allow_none=True, metadata={"description": "For `access/bulk/{id}/undo`."})
    undo_until = Instant(required=True, allow_none=True)
    items = fields.List(fields.Nested(UserOutcomeSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "Always null."})


def shown_bulk(outcome: BulkOutcome) -> dict[str, Any]:
    """An outcome as `BulkOutcomeSchema` dumps it."""
    change = outcome.change
    return {
        "id": change.change_id if change else None,
        "undo_until": change.undo_until if change else None,
        "items": [{"user_id": each.user_id, "name": each.name, **shown(each.outcome)} for each in outcome.users],
        "next": None,
    }
