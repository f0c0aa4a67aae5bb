"""`terms`: how long what holds here, so that frontends tell people what is so."""

from __future__ import annotations

from marshmallow import fields

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.schemas import ResponseSchema
from services.identity.api.context import context
from services.identity.application.read_terms import Terms, read_terms

blueprint = Blueprint("terms", __name__, description="How long what holds.")


def _whole(description: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description})


class TermsSchema(ResponseSchema):
    """What this deployment is set to."""

    code_minutes = _whole("How long a code is good (IDN-2).")
    sign_in_minutes = _whole("How long a sign-in may take from the password to its end (IDN-1).")
    lock_failures = _whole("After how many wrong passwords an account is locked (IDN-9).")
    lock_minutes = _whole("For how long.")
    device_days = _whole("How long a device is trusted (IDN-4).")
    contact_undo_hours = _whole("How long a changed contact can be undone (IDN-5).")
    vouching_hours = _whole("How long after support's confirmation a vouched address works (IDN-17).")


@blueprint.route("/terms")
@public
@blueprint.response(200, TermsSchema)
def get_terms() -> Terms:
    """Times and limits that people are told of."""
    return read_terms(context.ports.rules)
