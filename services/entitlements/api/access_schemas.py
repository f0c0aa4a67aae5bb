"""The shapes of access and of its changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, post_load, validate, validates_schema

from chassis.web.schemas import Coded, Instant, QuerySchema, RequestSchema, ResponseSchema
from services.entitlements.api.places import level_field, line_field, lines_field, tin_field
from services.entitlements.application.change_access import Outcome
from services.entitlements.application.wishes import WishedAccess
from services.entitlements.domain.access import CAUSES, AccessState
from services.entitlements.domain.changes import Keep
from services.entitlements.domain.judgement import Code, Violation
from services.entitlements.domain.places import Place

_MOST_CHANGES = 300
_MOST_FUNCTIONS = 200


class ChangeSchema(RequestSchema):
    """What is wished at one TIN and line; loads to a `WishedAccess`."""

    tin = tin_field(required=True)
    line = line_field(required=True)
    level = level_field(required=True, allow_none=True, metadata={"description": "null takes the access away."})
    functions = fields.List(
        fields.String(validate=validate.Length(1, 64)),
        validate=validate.Length(max=_MOST_FUNCTIONS),
        metadata={"description": "The whole set wished for; needed with a level. Those that it fixes may be left out."},
    )
    until = Instant(allow_none=True, metadata={"description": "When it ends; null: never; absent: as it is."})

    @validates_schema
    def names_functions(self, data: dict[str, Any], **_: Any) -> None:
        """A level without its functions would be a guess."""
        if data.get("level") is not None and "functions" not in data:
            raise Coded("required", "Name the whole set of functions wished for.", "functions")

    @post_load
    def wish(self, data: dict[str, Any], **_: Any) -> WishedAccess:
        """Put the wish together."""
        place = Place(data["tin"], data["line"])
        return WishedAccess(place, data["level"], tuple(data.get("functions", ())), data.get("until", Keep.UNTIL))


class ChangesSchema(RequestSchema):
    """What is wished for one user, as a whole."""

    changes = fields.List(fields.Nested(ChangeSchema), required=True, validate=validate.Length(1, _MOST_CHANGES))
    request_id = fields.UUID(load_default=None, metadata={"description": "The request that this decides."})
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Preview: nothing is changed."})


class RemovalQuery(QuerySchema):
    """Which access is to be removed."""

    tin = tin_field(load_default=None)
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Preview: nothing is changed."})


class AccessItemSchema(ResponseSchema):
    """What a user may do at one TIN and line."""

    tin = fields.String(required=True)
    line = line_field(required=True)
    practice = fields.String(required=True, allow_none=True)
    practice_lines = lines_field(required=True)
    level = level_field(required=True)
    functions = fields.List(fields.String(), required=True)
    since = Instant(required=True)
    until = Instant(required=True, allow_none=True)
    given_by = fields.String(required=True, metadata={"description": "A user ID, or `system:<part>`."})
    state = fields.Enum(AccessState, by_value=True, required=True)
    suspended_functions = fields.List(
        fields.String(), required=True, metadata={"description": "Those of `functions` that do not count for now."}
    )
    causes = fields.List(
        fields.String(validate=validate.OneOf(CAUSES)),
        required=True,
        metadata={"description": "What suspends it as a whole."},
    )


class ViolationSchema(ResponseSchema):
    """A cell of the matrix that a rule forbids; without `function` it is the level's own."""

    tin = fields.String(required=True)
    line = line_field(required=True)
    function = fields.String()
    code = fields.String(required=True, validate=validate.OneOf([code.value for code in Code]))
    detail = fields.String(required=True)


class OutcomeSchema(ResponseSchema):
    """The access at the TINs concerned, before and after, and what rules forbid."""

    before = fields.List(fields.Nested(AccessItemSchema), required=True)
    after = fields.List(fields.Nested(AccessItemSchema), required=True)
    violations = fields.List(fields.Nested(ViolationSchema), required=True)


def shown(outcome: Outcome) -> dict[str, Any]:
    """An outcome as `OutcomeSchema` dumps it."""
    return {"before": outcome.before, "after": outcome.after, "violations": plain_violations(outcome.violations)}


def plain_violations(violations: Sequence[Violation]) -> list[dict[str, Any]]:
    """Violations as `ViolationSchema` dumps them."""
    return [
        {
            "tin": each.place.tin,
            "line": each.place.line,
            "code": each.code.value,
            "detail": each.detail,
            **({} if each.function is None else {"function": each.function}),
        }
        for each in violations
    ]
