"""`me/password` and `me/security-questions`: what one knows and nobody else does (REG-7, REG-8)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.schemas import RequestSchema, ResponseSchema
from services.identity.api.context import context
from services.identity.api.typed import refuses, secret, typed
from services.identity.api.whereabouts import whereabouts
from services.identity.application.change_password import ChangePassword, change_password
from services.identity.application.change_security_answers import (
    ChangeSecurityAnswers,
    change_security_answers,
    security_questions_of,
)
from services.identity.domain.security_questions import Answer

blueprint = Blueprint(
    "own-password",
    __name__,
    url_prefix="/me",
    description="Password and security questions. Changing them needs a second step not older than five minutes.",
)


class PasswordChangeSchema(RequestSchema):
    """The present password and the one to come."""

    current_password = secret("The present password.")
    new_password = secret("12 to 128 characters.")


class AnswerSchema(RequestSchema):
    """A question and its answer."""

    question = typed("The code of a security question.", longest=60)
    answer = secret("1 to 100 characters; case, blanks and accents do not matter.")


class AnswersChangeSchema(RequestSchema):
    """The present password, and two questions with their answers."""

    current_password = secret("The present password.")
    security_answers = fields.List(fields.Nested(AnswerSchema), required=True)


class QuestionsSchema(ResponseSchema):
    """Which questions one has answered."""

    questions = fields.List(fields.String(), required=True, metadata={"description": "Their codes."})


@blueprint.route("/password", methods=["POST"])
@signed_in
@refuses(403, 429)
@blueprint.arguments(PasswordChangeSchema)
@blueprint.response(204)
def post_password(body: dict[str, Any]) -> None:
    """Change the password. Every other session ends; a wrong present password is `password_wrong`, and counts."""
    caller = context.caller
    command = ChangePassword(
        user_id=caller.user_id,
        session_id=caller.session_id,
        site=context.site,
        current_password=body["current_password"],
        new_password=body["new_password"],
        whereabouts=whereabouts(),
    )
    change_password(command, context.work, context.ports)


@blueprint.route("/security-questions", methods=["GET"])
@signed_in
@blueprint.response(200, QuestionsSchema)
def get_questions() -> dict[str, Any]:
    """Which questions one has answered; the answers are never shown."""
    return {"questions": security_questions_of(context.caller.user_id, context.work)}


@blueprint.route("/security-questions", methods=["PUT"])
@signed_in
@refuses(403, 429)
@blueprint.arguments(AnswersChangeSchema)
@blueprint.response(204)
def put_questions(body: dict[str, Any]) -> None:
    """Answer two questions anew, in place of those before."""
    caller = context.caller
    command = ChangeSecurityAnswers(
        user_id=caller.user_id,
        session_id=caller.session_id,
        current_password=body["current_password"],
        answers=tuple(Answer(each["question"], each["answer"]) for each in body["security_answers"]),
        whereabouts=whereabouts(),
    )
    change_security_answers(command, context.work, context.ports)
