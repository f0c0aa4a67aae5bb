"""What the directory knows of a TIN (REG-2)."""

from __future__ import annotations

from marshmallow import fields

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.rates import limited_by_address
from chassis.web.schemas import ResponseSchema
from services.registration.api.context import context
from services.registration.application.show_practice import ShownPractice, ShowPractice, show_practice

blueprint = Blueprint("practices", __name__, url_prefix="/practices", description="The plan's directory of practices.")


class PracticeSchema(ResponseSchema):
    """A practice; one that is not associated has neither name nor lines, and may be registered for all the same."""

    tin = fields.String(required=True)
    associated = fields.Boolean(required=True)
    name = fields.String(required=True, allow_none=True)
    lines = fields.List(fields.String(), required=True)


@blueprint.route("/<string:tin>")
@public
@limited_by_address("practices", times=120)
@blueprint.response(200, PracticeSchema)
def get_practice(tin: str) -> ShownPractice:
    """Look a TIN up; dashes and blanks in it are form."""
    return show_practice(ShowPractice(tin), context.work, context.ports)
