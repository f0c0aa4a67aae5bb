"""`/internal/v1`: what registration asks before it keeps an invitation; never routed by the gateway."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from chassis.web.access import internal
from chassis.web.blueprints import Blueprint
from chassis.web.schemas import Instant, RequestSchema, ResponseSchema
from services.entitlements.api.access_schemas import ViolationSchema, plain_violations
from services.entitlements.api.context import context
from services.entitlements.api.places import level_field, line_field, tin_field
from services.entitlements.application.judge_prepared import JudgePrepared, judge_prepared
from services.entitlements.application.wishes import WishedAccess
from services.entitlements.domain.places import Place

blueprint = Blueprint("prepared_access", __name__, url_prefix="/prepared-access", description="For registration alone.")

_MOST = 200


class WishedSchema(RequestSchema):
    """What would be given at one TIN and line; loads to a `WishedAccess`."""

    tin = tin_field(required=True)
    line = line_field(required=True)
    level = level_field(required=True)
    functions = fields.List(fields.String(), required=True)
    until = Instant(required=True, allow_none=True)

    @post_load
    def wish(self, data: dict[str, Any], **_: Any) -> WishedAccess:
        """Put the wish together."""
        return WishedAccess(Place(data["tin"], data["line"]), data["level"], tuple(data["functions"]), data["until"])


class PreparedSchema(RequestSchema):
    """What one person would be given."""

    access = fields.List(fields.Nested(WishedSchema), required=True)


class PreparedListSchema(RequestSchema):
    """Who would give, and what to each."""

    giver = fields.String(required=True)
    prepared = fields.List(fields.Nested(PreparedSchema), required=True, validate=validate.Length(max=_MOST))


class FaultSchema(ResponseSchema):
    """One wrong place; the pointer begins at the list of access."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class VerdictSchema(ResponseSchema):
    """What is wrong with one of them."""

    faults = fields.List(fields.Nested(FaultSchema), required=True)
    violations = fields.List(fields.Nested(ViolationSchema), required=True)


class VerdictsSchema(ResponseSchema):
    """One for each, in the order in which they were sent."""

    verdicts = fields.List(fields.Nested(VerdictSchema), required=True)


@blueprint.route("/judge", methods=["POST"])
@internal
@blueprint.arguments(PreparedListSchema)
@blueprint.response(200, VerdictsSchema)
def judge(body: dict[str, Any]) -> dict[str, Any]:
    """May this person prepare this? Nothing is kept."""
    prepared = tuple(tuple(each["access"]) for each in body["prepared"])
    verdicts = judge_prepared(JudgePrepared(body["giver"], prepared), context.work, context.ports)
    told = [{"faults": each.faults, "violations": plain_violations(each.violations)} for each in verdicts]
    return {"verdicts": told}
