"""`accounts/{user_id}/password-reset`: a manager gives somebody a temporary password (IDN-8)."""

from __future__ import annotations

from marshmallow import fields

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.idempotency import shows_secret_once
from chassis.web.schemas import Instant, ResponseSchema
from services.identity.api.context import context
from services.identity.api.typed import refuses
from services.identity.application.reset_password import ResetPassword, TemporaryPassword, reset_password

blueprint = Blueprint(
    "password-resets", __name__, url_prefix="/accounts", description="Passwords that a manager has reset."
)


class TemporaryPasswordSchema(ResponseSchema):
    """A password for one sign-in, in which its owner chooses their own."""

    temporary_password = fields.String(required=True)
    expires_at = Instant(required=True)


@blueprint.route("/<string:user_id>/password-reset", methods=["POST"])
@signed_in
@shows_secret_once
@refuses(403, 404, 409)
@blueprint.response(200, TemporaryPasswordSchema)
def reset(user_id: str) -> TemporaryPassword:
    """Put a temporary password in place of the person's, shown once, for whoever is a primary administrator where they
    have access. Needs a fresh second step; the person is signed out everywhere, and told.
    """
    caller = context.caller
    return reset_password(ResetPassword(user_id, caller.user_id, caller.session_id), context.work, context.ports)
