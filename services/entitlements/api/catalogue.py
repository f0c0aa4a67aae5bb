"""`functions` and `levels`: what there is to give (ENT-1, ENT-2)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.paging import page
from chassis.web.schemas import ResponseSchema, list_of
from services.entitlements.api.context import context
from services.entitlements.api.places import level_field, line_field
from services.entitlements.application.list_catalogue import list_functions, list_levels

blueprint = Blueprint("catalogue", __name__, description="Functions and access levels.")


class FunctionSchema(ResponseSchema):
    """Something that a portal can do."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    lines = fields.List(line_field(), required=True)
    sensitive = fields.Boolean(required=True)
    description = fields.String(required=True)


class LevelSchema(ResponseSchema):
    """An access level, and the functions that go with it."""

    code = level_field(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    functions = fields.List(fields.String(), required=True)


@blueprint.route("/functions")
@public
@blueprint.response(200, list_of(FunctionSchema))
def get_functions() -> dict[str, Any]:
    """Every function of the catalogue, in its order."""
    return page(list_functions(context.ports), None)


@blueprint.route("/levels")
@public
@blueprint.response(200, list_of(LevelSchema))
def get_levels() -> dict[str, Any]:
    """The access levels, from the most to the least."""
    return page(list_levels(), None)
