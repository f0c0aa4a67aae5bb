"""`sign-in/passkey`: signing in by passkey alone (IDN-3)."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import fields, validate, validates_schema

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.idempotency import shows_secret_once
from chassis.web.rates import limited_by_address
from chassis.web.schemas import Coded, RequestSchema, ResponseSchema
from services.identity.api.context import context
from services.identity.api.typed import answered, asked, refuses
from services.identity.api.whereabouts import whereabouts
from services.identity.application.sign_in_steps import PasskeyAsked, PasswordChangeRequired, SignedIn, ToBeCarriedOn
from services.identity.application.sign_in_with_passkey import (
    BeginPasskeySignIn,
    SignInWithPasskey,
    begin_passkey_sign_in,
    sign_in_with_passkey,
)

blueprint = Blueprint("passkey-sign-in", __name__, url_prefix="/sign-in", description="Signing in by passkey alone.")


class PasskeySignInSchema(RequestSchema):
    """Nothing, to begin; then what came of it."""

    challenge = fields.UUID(load_default=None, metadata={"description": "The flow, as the first answer named it."})
    assertion = answered("`AuthenticationResponseJSON`.", required=False, load_default=None)

    @validates_schema
    def _both_or_neither(self, data: dict[str, Any], **_: Any) -> None:
        for name, other in (("challenge", "assertion"), ("assertion", "challenge")):
            if data[name] is None and data[other] is not None:
                raise Coded("required", "Challenge and assertion go together.", name)


class PasskeyStepSchema(ResponseSchema):
    """Where it stands: what comes with each `state` is told by its fields."""

    state = fields.String(required=True, validate=validate.OneOf(["passkey", "password_change_required", "signed_in"]))
    challenge = fields.String(metadata={"description": "Names the flow: send it with the assertion."})
    challenge_secret = fields.String(metadata={"description": "Send it back as `X-Challenge-Secret`."})
    passkey_options = asked()
    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer(metadata={"description": "Seconds."})
    refresh_token = fields.String()
    continue_to = fields.String(
        metadata={"description": "In place of the tokens: where the browser that came for a site goes on."}
    )


@blueprint.route("/passkey", methods=["POST"])
@public
@limited_by_address("sign_in", times=60)
@shows_secret_once
@refuses(401, 403, 404, 409, 429)
@blueprint.arguments(PasskeySignInSchema)
@blueprint.response(200, PasskeyStepSchema)
def step(body: dict[str, Any]) -> PasskeyAsked | SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """Without an assertion: what to ask the browser, the same for everybody. With it: as `sign-in` ends, with
    `X-Challenge-Secret`, and `X-Authorization-Request` where a site is signed in to. A challenge takes one answer.
    """
    if body["assertion"] is None:
        return begin_passkey_sign_in(BeginPasskeySignIn(context.site), context.work, context.ports)
    command = SignInWithPasskey(
        challenge=str(body["challenge"]),
        secret=request.headers.get("X-Challenge-Secret"),
        assertion=body["assertion"],
        authorization=request.headers.get("X-Authorization-Request"),
        whereabouts=whereabouts(),
    )
    return sign_in_with_passkey(command, context.work, context.ports)
