"""`me`: what the caller may do, and what they administer (ENT-9)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, part_of
from chassis.web.schemas import ResponseSchema, list_of
from services.entitlements.api.access_schemas import AccessItemSchema
from services.entitlements.api.context import context
from services.entitlements.api.places import level_field, line_field, lines_field
from services.entitlements.application.read_access import ReadAccess, read_access
from services.entitlements.application.read_practices import ReadPractices, read_practices

blueprint = Blueprint("me", __name__, url_prefix="/me", description="Online access of the caller.")


class AdministeredSchema(ResponseSchema):
    """A TIN and line that the caller administers."""

    tin = fields.String(required=True)
    line = line_field(required=True)
    practice = fields.String(required=True, allow_none=True)
    practice_lines = lines_field(required=True)
    level = level_field(required=True)
    managers = fields.Integer(required=True, metadata={"description": "How many access managers there are."})
    awaiting = fields.Integer(required=True, metadata={"description": "How many requests wait."})


@blueprint.route("/access")
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(AccessItemSchema))
def get_my_access(query: dict[str, Any]) -> dict[str, Any]:
    """What you may do, at which TIN and line, since when and by whom."""
    user_id = context.caller.user_id
    found = read_access(ReadAccess(user_id, user_id), context.work, context.ports)
    return part_of(found.items, query, lambda item: (item.tin, item.line.value))


@blueprint.route("/practices")
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(AdministeredSchema))
def get_my_practices(query: dict[str, Any]) -> dict[str, Any]:
    """The TINs and lines that you administer."""
    found = read_practices(ReadPractices(context.caller.user_id), context.work, context.ports)
    return part_of(found, query, lambda item: (item.tin, item.line.value))
