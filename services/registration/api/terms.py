"""`terms`: how long what holds here, so that frontends tell people what is so."""

from __future__ import annotations

from marshmallow import fields

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.schemas import ResponseSchema
from services.registration.api.context import context
from services.registration.application.read_terms import Terms, read_terms

blueprint = Blueprint("terms", __name__, description="How long what holds.")


class TermsSchema(ResponseSchema):
    """What this deployment is set to."""

    invitation_days = fields.Integer(
        required=True, metadata={"description": "For how many days a temporary ID is good (REG-14)."}
    )


@blueprint.route("/terms")
@public
@blueprint.response(200, TermsSchema)
def get_terms() -> Terms:
    """Times that people are told of."""
    return read_terms(context.ports)
