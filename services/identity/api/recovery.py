"""`recovery`: a forgotten user ID, and a forgotten password (IDN-6, IDN-7)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.idempotency import shows_secret_once
from chassis.web.rates import limited_by_address
from chassis.web.schemas import RequestSchema, ResponseSchema
from services.identity.api.accounts import SentSchema
from services.identity.api.context import context
from services.identity.api.sign_in import ChosenMethodSchema, MethodSchema
from services.identity.api.typed import refuses, secret, typed
from services.identity.api.whereabouts import whereabouts
from services.identity.application.begin_recovery import BeginRecovery, Begun, begin_recovery
from services.identity.application.code_desk import Sent
from services.identity.application.prove_recovery import ProveRecovery, prove_recovery
from services.identity.application.remind_user_id import RemindUserId, remind_user_id
from services.identity.application.send_recovery_code import SendRecoveryCode, send_recovery_code
from services.identity.application.set_recovered_password import SetRecoveredPassword, set_recovered_password
from services.identity.domain.security_questions import Answer

blueprint = Blueprint(
    "recovery", __name__, url_prefix="/recovery", description="A forgotten user ID, or password, step by step."
)


class ReminderSchema(RequestSchema):
    """Who asks for a user ID."""

    email = typed("The address of the account.", longest=320)
    date_of_birth = fields.Date(required=True)


class ForgottenPasswordSchema(RequestSchema):
    """Whose password is forgotten."""

    user_id = typed("The user ID, in any case.")


class OneAnswerSchema(RequestSchema):
    """One of the two security questions of the account, answered."""

    question = typed("The question's code.")
    text = secret("The answer.")


class ProofsSchema(RequestSchema):
    """Everything that is asked for before a new password."""

    code = secret("The code that came by message.")
    date_of_birth = fields.Date(required=True)
    answer = fields.Nested(OneAnswerSchema, required=True)


class NewPasswordSchema(RequestSchema):
    """The password from now on."""

    new_password = secret("The new password.")


class RecoverySchema(ResponseSchema):
    """A recovery that was begun; the same in form whether there is such an account or not."""

    challenge = fields.String(required=True, metadata={"description": "Names the flow, in its next calls' paths."})
    challenge_secret = fields.String(required=True, metadata={"description": "Send it back as `X-Challenge-Secret`."})
    methods = fields.List(fields.Nested(MethodSchema), required=True)


@blueprint.route("/user-id", methods=["POST"])
@public
@limited_by_address("recovery", times=60)
@refuses(429)
@blueprint.arguments(ReminderSchema)
@blueprint.response(202)
def remind(body: dict[str, Any]) -> None:
    """Send the user ID to the verified address; the answer is the same whether there is an account or not."""
    remind_user_id(RemindUserId(body["email"], body["date_of_birth"], context.site), context.work, context.ports)


@blueprint.route("/password", methods=["POST"])
@public
@limited_by_address("recovery", times=60)
@shows_secret_once
@refuses(429)
@blueprint.arguments(ForgottenPasswordSchema)
@blueprint.response(200, RecoverySchema)
def begin(body: dict[str, Any]) -> Begun:
    """Begin with the user ID. Unknown ones, and disabled accounts, are answered like all others, at every step."""
    return begin_recovery(BeginRecovery(body["user_id"], context.site), context.work, context.ports)


@blueprint.route("/<uuid:challenge>/send", methods=["POST"])
@public
@limited_by_address("recovery", times=60)
@refuses(404, 409, 429)
@blueprint.arguments(ChosenMethodSchema)
@blueprint.response(202, SentSchema)
def send(body: dict[str, Any], challenge: UUID) -> Sent:
    """Send the code to the account's verified address."""
    command = SendRecoveryCode(str(challenge), _challenge_secret(), body["method"])
    return send_recovery_code(command, context.work, context.ports)


@blueprint.route("/<uuid:challenge>/verify", methods=["POST"])
@public
@limited_by_address("recovery", times=60)
@refuses(404, 409, 429)
@blueprint.arguments(ProofsSchema)
@blueprint.response(204)
def verify(body: dict[str, Any], challenge: UUID) -> None:
    """Give code, date of birth and one answer. `code_wrong` means that any of them is; after five the flow is over."""
    command = ProveRecovery(
        challenge=str(challenge),
        secret=_challenge_secret(),
        code=body["code"],
        date_of_birth=body["date_of_birth"],
        answer=Answer(**body["answer"]),
        whereabouts=whereabouts(),
    )
    prove_recovery(command, context.work, context.ports)


@blueprint.route("/<uuid:challenge>/password", methods=["POST"])
@public
@limited_by_address("recovery", times=60)
@refuses(404, 409, 429)
@blueprint.arguments(NewPasswordSchema)
@blueprint.response(204)
def set_password(body: dict[str, Any], challenge: UUID) -> None:
    """Set the new password. Every session of the account ends, and all its contacts are told."""
    command = SetRecoveredPassword(str(challenge), _challenge_secret(), body["new_password"])
    set_recovered_password(command, context.work, context.ports)


def _challenge_secret() -> str | None:
    return request.headers.get("X-Challenge-Secret")
