"""`accounts`: is a user ID free, and the confirmation of a registration's e-mail address."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.rates import limited_by_address
from chassis.web.schemas import RequestSchema, ResponseSchema
from services.identity.api.context import context
from services.identity.api.typed import refuses, secret, typed
from services.identity.api.whereabouts import whereabouts
from services.identity.application.check_availability import Availability, CheckAvailability, check_availability
from services.identity.application.code_desk import Sent
from services.identity.application.confirm_account import ConfirmAccount, confirm_account
from services.identity.application.send_confirmation import SendConfirmation, send_confirmation

blueprint = Blueprint(
    "accounts", __name__, url_prefix="/accounts", description="User IDs, and the confirmation of new accounts."
)


class WishedUserIdSchema(RequestSchema):
    """A user ID that somebody would like."""

    user_id = typed("The wished user ID.")


class AvailabilitySchema(ResponseSchema):
    """Whether a user ID is free; `code` is why not, and `suggestions` are free ones instead."""

    available = fields.Boolean(required=True)
    code = fields.String(required=True, allow_none=True)
    suggestions = fields.List(fields.String(), required=True)


class CodeSchema(RequestSchema):
    """A code that came by message."""

    code = secret("The six digits.")


class ConfirmationSchema(RequestSchema):
    """Who asks for the code once more, and where it should go."""

    password = secret("The account's password.")
    email = typed("The corrected address, where it was mistyped.", required=False, load_default=None, longest=320)


class SentSchema(ResponseSchema):
    """A code is on its way."""

    resend_after = fields.Integer(required=True, metadata={"description": "Seconds until another may be asked for."})


@blueprint.route("/availability", methods=["POST"])
@public
@limited_by_address("availability", times=30)
@blueprint.arguments(WishedUserIdSchema)
@blueprint.response(200, AvailabilitySchema)
def check(body: dict[str, Any]) -> Availability:
    """Is this user ID free? (REG-6)"""
    return check_availability(CheckAvailability(body["user_id"]), context.work, context.ports)


@blueprint.route("/<string:user_id>/confirm", methods=["POST"])
@public
@limited_by_address("sign_in", times=60)
@refuses(429)
@blueprint.arguments(CodeSchema)
@blueprint.response(204)
def confirm(body: dict[str, Any], user_id: str) -> None:
    """Confirm the e-mail address of a registration by the code sent to it (REG-9)."""
    confirm_account(ConfirmAccount(user_id, body["code"]), context.work, context.ports)


@blueprint.route("/<string:user_id>/confirm/send", methods=["POST"])
@public
@limited_by_address("sign_in", times=60)
@refuses(401, 403, 409, 429)
@blueprint.arguments(ConfirmationSchema)
@blueprint.response(202, SentSchema)
def send(body: dict[str, Any], user_id: str) -> Sent:
    """Send that code again, to a corrected address if need be."""
    command = SendConfirmation(user_id, body["password"], body["email"], context.site, whereabouts())
    return send_confirmation(command, context.work, context.ports)
