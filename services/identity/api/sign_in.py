"""`sign-in`: the password, then the second step (IDN-1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields, post_dump, validate, validates_schema

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.idempotency import shows_secret_once
from chassis.web.rates import limited_by_address
from chassis.web.schemas import Coded, RequestSchema, ResponseSchema
from services.identity.api.accounts import SentSchema
from services.identity.api.context import context
from services.identity.api.typed import answered, asked, refuses, secret, typed
from services.identity.api.whereabouts import whereabouts
from services.identity.application.code_desk import Sent
from services.identity.application.code_ways import OPTED_OUT
from services.identity.application.replace_temporary_password import (
    ReplaceTemporaryPassword,
    replace_temporary_password,
)
from services.identity.application.send_sign_in_code import SendSignInCode, send_sign_in_code
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.application.sign_in_steps import (
    ConfirmRequired,
    PasswordChangeRequired,
    SecondStep,
    SignedIn,
    ToBeCarriedOn,
)
from services.identity.application.verify_sign_in_code import VerifySignInCode, verify_sign_in_code
from services.identity.domain.risk import Signal

blueprint = Blueprint("sign-in", __name__, url_prefix="/sign-in", description="Signing in, step by step.")


_ONLY_IF_ANY = frozenset({"device_token", "risk_reasons", "not_offered"})
_STATES = ("second_step", "confirm_required", "password_change_required", "signed_in")


class SignInSchema(RequestSchema):
    """The first step."""

    user_id = typed("The user ID, in any case.")
    password = secret("The password.")
    device_token = secret("The token of a device that was remembered.", required=False, load_default=None)


class ChosenMethodSchema(RequestSchema):
    """One of the methods that were offered."""

    method = typed("Its `id`.")


class ProofSchema(RequestSchema):
    """The second step: a code, or for a passkey what the browser answered."""

    method = typed("The `id` of the method.")
    code = secret("The code that came by it, that the app shows, or off paper.", required=False, load_default="")
    assertion = answered("For a passkey: `AuthenticationResponseJSON`.", required=False, load_default=None)

    @validates_schema
    def _one_proof(self, data: dict[str, Any], **_: Any) -> None:
        if not data["code"] and data["assertion"] is None:
            raise Coded("required", "Give a code, or the assertion of a passkey.", "code")


class VerificationSchema(ProofSchema):
    """The second step of a sign-in."""

    remember_device = fields.Boolean(
        load_default=False, truthy={True}, falsy={False}, metadata={"description": "Skip this step here for 30 days."}
    )


class OwnPasswordSchema(RequestSchema):
    """The step after a temporary password."""

    new_password = secret("The new password.")


class MethodSchema(ResponseSchema):
    """A way to pass the second step."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["passkey", "totp", "email", "sms", "recovery_code"]))
    hint = fields.String(
        required=True,
        metadata={
            "description": "Which one it is: masked, or its name (of passkeys all); of recovery codes, how many left."
        },
    )


class WithheldSchema(ResponseSchema):
    """A way that the account has and that cannot be used now."""

    kind = fields.String(required=True, validate=validate.OneOf(["sms"]))
    hint = fields.String(required=True)
    reason = fields.String(
        required=True,
        validate=validate.OneOf([OPTED_OUT]),
        metadata={"description": "`number_opted_out`: its owner has texted STOP."},
    )
    short_code = fields.String(
        required=True, allow_none=True, metadata={"description": "What START is to be texted to, where known."}
    )


class SignInStepSchema(ResponseSchema):
    """Where the sign-in stands: what comes with each `state` is told by its fields."""

    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    challenge = fields.String(metadata={"description": "Names the flow, in the paths of its next calls."})
    challenge_secret = fields.String(metadata={"description": "Send it back as `X-Challenge-Secret`."})
    methods = fields.List(fields.Nested(MethodSchema))
    not_offered = fields.List(fields.Nested(WithheldSchema))
    reason = fields.String(
        metadata={
            "description": "Why a second step is asked for: `device_not_trusted`, `account_changed` since it was last "
            "passed on this device, or `risk`; or why a new password: `temporary_password`."
        }
    )
    risk_reasons = fields.List(
        fields.String(validate=validate.OneOf(list(Signal))),
        metadata={"description": "What is unusual about this sign-in, where the reason is `risk`."},
    )
    passkey_options = asked(allow_none=True)
    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer(metadata={"description": "Seconds."})
    refresh_token = fields.String()
    device_token = fields.String(
        metadata={"description": "Of a device that was remembered: send it along the next time. Shown once."}
    )
    continue_to = fields.String(
        metadata={"description": "In place of the tokens: where the browser that came for a site goes on."}
    )

    @post_dump
    def without_what_there_is_not(self, step: dict[str, Any], **_: Any) -> dict[str, Any]:
        """No token of a device that was not remembered, no signals where none counted, no ways but those offered."""
        return {name: value for name, value in step.items() if value or name not in _ONLY_IF_ANY}


@blueprint.route("", methods=["POST"])
@public
@limited_by_address("sign_in", times=60)
@shows_secret_once
@refuses(401, 403, 409, 429)
@blueprint.arguments(SignInSchema)
@blueprint.response(200, SignInStepSchema)
def begin(
    body: dict[str, Any],
) -> SecondStep | ConfirmRequired | SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """User ID and password. Unknown accounts are refused like wrong passwords. On a trusted device this is all; with
    `X-Authorization-Request` the answer is then that of `verify`.
    """
    command = SignIn(
        user_id=body["user_id"],
        password=body["password"],
        site=context.site,
        whereabouts=whereabouts(),
        device_token=body["device_token"],
        authorization=_authorization_request(),
    )
    return sign_in(command, context.work, context.ports)


@blueprint.route("/<uuid:challenge>/send", methods=["POST"])
@public
@refuses(403, 404, 409, 429)
@blueprint.arguments(ChosenMethodSchema)
@blueprint.response(202, SentSchema)
def send(body: dict[str, Any], challenge: UUID) -> Sent:
    """Send the code to the chosen contact; the other methods need none sent."""
    command = SendSignInCode(str(challenge), _challenge_secret(), body["method"], whereabouts())
    return send_sign_in_code(command, context.work, context.ports)


@blueprint.route("/<uuid:challenge>/verify", methods=["POST"])
@public
@limited_by_address("sign_in", times=60)
@shows_secret_once
@refuses(403, 404, 409, 429)
@blueprint.arguments(VerificationSchema)
@blueprint.response(200, SignInStepSchema)
def verify(body: dict[str, Any], challenge: UUID) -> SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """Give the code, or the passkey's assertion, get the tokens; with `X-Authorization-Request`, the handle of what a
    site asked for, get `continue_to`. After a temporary password get the challenge of the next step (IDN-8).
    """
    command = VerifySignInCode(
        challenge=str(challenge),
        secret=_challenge_secret(),
        method=body["method"],
        code=body["code"],
        whereabouts=whereabouts(),
        assertion=body["assertion"],
        remember_device=body["remember_device"],
        authorization=_authorization_request(),
    )
    return verify_sign_in_code(command, context.work, context.ports)


@blueprint.route("/<uuid:challenge>/password", methods=["POST"])
@public
@limited_by_address("sign_in", times=60)
@shows_secret_once
@refuses(403, 404, 409)
@blueprint.arguments(OwnPasswordSchema)
@blueprint.response(200, SignInStepSchema)
def set_password(body: dict[str, Any], challenge: UUID) -> SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """Choose a password in place of the temporary one, and be signed in (IDN-8)."""
    command = ReplaceTemporaryPassword(
        str(challenge), _challenge_secret(), body["new_password"], _authorization_request(), whereabouts()
    )
    return replace_temporary_password(command, context.work, context.ports)


def _authorization_request() -> str | None:
    return request.headers.get("X-Authorization-Request")


def _challenge_secret() -> str | None:
    return request.headers.get("X-Challenge-Secret")
