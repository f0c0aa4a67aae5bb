"""`me/step-up`: a fresh second step within the session (IDN-3)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields, validate

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.idempotency import shows_secret_once
from chassis.web.schemas import Instant, ResponseSchema
from services.identity.api.accounts import SentSchema
from services.identity.api.context import context
from services.identity.api.sign_in import ChosenMethodSchema, MethodSchema, ProofSchema, WithheldSchema
from services.identity.api.typed import asked, refuses
from services.identity.api.whereabouts import whereabouts
from services.identity.application.code_desk import Sent
from services.identity.application.sign_in_steps import SecondStep
from services.identity.application.step_up import (
    BeginStepUp,
    SendStepUpCode,
    SteppedUp,
    VerifyStepUp,
    begin_step_up,
    send_step_up_code,
    verify_step_up,
)

blueprint = Blueprint(
    "step-up", __name__, url_prefix="/me/step-up", description="Showing anew who one is, for what needs it."
)


class StepUpSchema(ResponseSchema):
    """A step-up that was begun."""

    state = fields.String(required=True, validate=validate.Equal("second_step"))
    challenge = fields.String(required=True, metadata={"description": "Names the flow, in its next calls' paths."})
    challenge_secret = fields.String(required=True, metadata={"description": "Send it back as `X-Challenge-Secret`."})
    methods = fields.List(fields.Nested(MethodSchema), required=True)
    not_offered = fields.List(fields.Nested(WithheldSchema), required=True)
    reason = fields.String(required=True, metadata={"description": "Why a second step is asked for."})
    passkey_options = asked(required=True, allow_none=True)


class SteppedUpSchema(ResponseSchema):
    """What the session is from now on; the tokens of the next refresh say the same."""

    acr = fields.String(required=True)
    amr = fields.List(fields.String(), required=True)
    fresh_until = Instant(
        required=True, metadata={"description": "Until when it opens what answers `step_up_required`."}
    )


@blueprint.route("", methods=["POST"])
@signed_in
@shows_secret_once
@refuses(403)
@blueprint.response(200, StepUpSchema)
def begin() -> SecondStep:
    """Begin; only the session that began carries it on."""
    caller = context.caller
    return begin_step_up(BeginStepUp(caller.user_id, caller.session_id, context.site), context.work, context.ports)


@blueprint.route("/<uuid:challenge>/send", methods=["POST"])
@signed_in
@refuses(403, 404, 409, 429)
@blueprint.arguments(ChosenMethodSchema)
@blueprint.response(202, SentSchema)
def send(body: dict[str, Any], challenge: UUID) -> Sent:
    """Send a code to the chosen contact; the other methods need none sent."""
    command = SendStepUpCode(context.caller.session_id, str(challenge), _challenge_secret(), body["method"])
    return send_step_up_code(command, context.work, context.ports)


@blueprint.route("/<uuid:challenge>/verify", methods=["POST"])
@signed_in
@refuses(403, 404, 429)
@blueprint.arguments(ProofSchema)
@blueprint.response(200, SteppedUpSchema)
def verify(body: dict[str, Any], challenge: UUID) -> SteppedUp:
    """Give the code, or the passkey's assertion. The session is then as strong and as fresh as this step."""
    command = VerifyStepUp(
        session_id=context.caller.session_id,
        challenge=str(challenge),
        secret=_challenge_secret(),
        method=body["method"],
        code=body["code"],
        assertion=body["assertion"],
        whereabouts=whereabouts(),
    )
    return verify_step_up(command, context.work, context.ports)


def _challenge_secret() -> str | None:
    return request.headers.get("X-Challenge-Secret")
