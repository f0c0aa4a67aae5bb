"""`me/authenticators` and `me/recovery-codes`: one's own second steps (IDN-3)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate, validates_schema

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.idempotency import shows_secret_once
from chassis.web.paging import PageQuery, part_of
from chassis.web.schemas import Coded, Instant, RequestSchema, ResponseSchema, list_of
from services.identity.api.context import context
from services.identity.api.typed import answered, refuses, secret, typed
from services.identity.application.add_authenticator import (
    BeginAuthenticator,
    Begun,
    ConfirmAuthenticator,
    begin_authenticator,
    confirm_authenticator,
)
from services.identity.application.add_passkey import (
    BeginPasskey,
    BegunPasskey,
    ConfirmPasskey,
    begin_passkey,
    confirm_passkey,
)
from services.identity.application.change_authenticators import (
    RemoveAuthenticator,
    RenameAuthenticator,
    authenticators_of,
    remove_authenticator,
    rename_authenticator,
)
from services.identity.application.make_recovery_codes import (
    MakeRecoveryCodes,
    RecoveryCodesStanding,
    RemoveRecoveryCodes,
    make_recovery_codes,
    recovery_codes_of,
    remove_recovery_codes,
)
from services.identity.domain.authenticators import Authenticator, AuthenticatorKind
from services.identity.domain.passkeys import Passkey

blueprint = Blueprint(
    "authenticators",
    __name__,
    url_prefix="/me",
    description="Apps, passkeys and recovery codes. Changing them needs a second step not older than five minutes.",
)

_KINDS = validate.OneOf(["totp", "passkey"])


class NewAuthenticatorSchema(RequestSchema):
    """What is to be added."""

    kind = fields.String(required=True, validate=_KINDS)
    name = typed("What to call it: 1 to 60 characters.")


class AuthenticatorNameSchema(RequestSchema):
    """What it is called from now on."""

    name = typed("1 to 60 characters.")


class AuthenticatorConfirmationSchema(RequestSchema):
    """The first code of an authenticator app, or what the browser answered for a passkey."""

    code = secret("The code that the app shows.", required=False, load_default="")
    attestation = answered("For a passkey: `RegistrationResponseJSON`.", required=False, load_default=None)

    @validates_schema
    def _one_proof(self, data: dict[str, Any], **_: Any) -> None:
        if not data["code"] and data["attestation"] is None:
            raise Coded("required", "Give the first code, or the attestation of a passkey.", "code")


class BegunAuthenticatorSchema(ResponseSchema):
    """An authenticator that waits ten minutes for its first code, or its key. What it shows is shown once."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    name = fields.String(required=True)
    secret = fields.String(metadata={"description": "Of an app: the key in base 32, to be typed into it."})
    otpauth_uri = fields.String(metadata={"description": "Of an app: the same for a QR code."})
    options = fields.Dict(
        keys=fields.String(),
        metadata={"description": "Of a passkey: `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3)."},
    )


class AuthenticatorSchema(ResponseSchema):
    """An authenticator that counts."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    name = fields.String(required=True)
    created_at = Instant(required=True)
    used_at = Instant(required=True, allow_none=True, metadata={"description": "When it last passed a second step."})
    suspended_at = Instant(
        allow_none=True,
        metadata={"description": "Of a passkey: since when it passes nothing, as another one signs with its key."},
    )


class RecoveryCodesSchema(ResponseSchema):
    """Ten codes, each good once; shown once."""

    codes = fields.List(fields.String(), required=True)


class RecoveryCodesStandingSchema(ResponseSchema):
    """How one's recovery codes stand."""

    left = fields.Integer(required=True, metadata={"description": "How many are still good."})
    made_at = Instant(required=True, allow_none=True)


@blueprint.route("/authenticators", methods=["GET"])
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(AuthenticatorSchema))
def get_authenticators(query: dict[str, Any]) -> dict[str, Any]:
    """One's authenticators, oldest first."""
    found = authenticators_of(context.caller.user_id, context.work)
    return part_of(found, query, lambda item: (round(item.created_at.timestamp() * 1_000_000), item.id))


@blueprint.route("/authenticators", methods=["POST"])
@signed_in
@shows_secret_once
@refuses(403, 409)
@blueprint.arguments(NewAuthenticatorSchema)
@blueprint.response(201, BegunAuthenticatorSchema)
def begin(body: dict[str, Any]) -> Begun | BegunPasskey:
    """Begin to add one; it counts once its first code is given, or its key. Another of the kind that was begun and not
    confirmed is dropped.
    """
    caller = context.caller
    if body["kind"] == AuthenticatorKind.PASSKEY:
        begun = BeginPasskey(caller.user_id, caller.session_id, body["name"])
        return begin_passkey(begun, context.work, context.ports)
    command = BeginAuthenticator(caller.user_id, caller.session_id, body["name"])
    return begin_authenticator(command, context.work, context.ports)


@blueprint.route("/authenticators/<uuid:authenticator>/confirm", methods=["POST"])
@signed_in
@refuses(403, 404, 409)
@blueprint.arguments(AuthenticatorConfirmationSchema)
@blueprint.response(200, AuthenticatorSchema)
def confirm(body: dict[str, Any], authenticator: UUID) -> Authenticator | Passkey:
    """Give the first code, or the key: from now on it passes second steps."""
    caller, own = context.caller, str(authenticator)
    if body["attestation"] is not None:
        answer = ConfirmPasskey(caller.user_id, caller.session_id, own, body["attestation"])
        return confirm_passkey(answer, context.work, context.ports)
    command = ConfirmAuthenticator(caller.user_id, caller.session_id, own, body["code"])
    return confirm_authenticator(command, context.work, context.ports)


@blueprint.route("/authenticators/<uuid:authenticator>", methods=["PATCH"])
@signed_in
@refuses(403, 404)
@blueprint.arguments(AuthenticatorNameSchema)
@blueprint.response(200, AuthenticatorSchema)
def rename(body: dict[str, Any], authenticator: UUID) -> Authenticator | Passkey:
    """Call it something else."""
    caller = context.caller
    command = RenameAuthenticator(caller.user_id, caller.session_id, str(authenticator), body["name"])
    return rename_authenticator(command, context.work, context.ports)


@blueprint.route("/authenticators/<uuid:authenticator>", methods=["DELETE"])
@signed_in
@refuses(403, 404)
@blueprint.response(204)
def remove(authenticator: UUID) -> None:
    """Remove it, also the last one: codes by e-mail remain."""
    caller = context.caller
    command = RemoveAuthenticator(caller.user_id, caller.session_id, str(authenticator))
    remove_authenticator(command, context.work, context.ports)


@blueprint.route("/recovery-codes", methods=["GET"])
@signed_in
@blueprint.response(200, RecoveryCodesStandingSchema)
def get_recovery_codes() -> RecoveryCodesStanding:
    """How many of one's recovery codes are left, and never which."""
    return recovery_codes_of(context.caller.user_id, context.work)


@blueprint.route("/recovery-codes", methods=["POST"])
@signed_in
@shows_secret_once
@refuses(403)
@blueprint.response(200, RecoveryCodesSchema)
def make() -> dict[str, Any]:
    """Make ten new ones; all former are void."""
    caller = context.caller
    codes = make_recovery_codes(MakeRecoveryCodes(caller.user_id, caller.session_id), context.work, context.ports)
    return {"codes": codes}


@blueprint.route("/recovery-codes", methods=["DELETE"])
@signed_in
@refuses(403, 404)
@blueprint.response(204)
def remove_codes() -> None:
    """Void them all."""
    caller = context.caller
    remove_recovery_codes(RemoveRecoveryCodes(caller.user_id, caller.session_id), context.work, context.ports)
