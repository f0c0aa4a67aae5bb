"""`check` and `explain`: may they, and why (ENT-10, ENT-12)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.security.callers import Bearer, ClientCaller
from chassis.security.scopes import CHECK
from chassis.web.access import signed_in, signed_in_or_client
from chassis.web.blueprints import Blueprint
from chassis.web.doors import ScopeMissingError
from chassis.web.schemas import Instant, QuerySchema, ResponseSchema
from services.entitlements.api.check_schemas import (
    NAME_LENGTH,
    AnswerSchema,
    AnswersSchema,
    CheckSchema,
    ChecksSchema,
)
from services.entitlements.api.context import context
from services.entitlements.api.places import UserIdField, level_field, line_field, tin_field
from services.entitlements.application.check_access import Answer, CheckAccess, check_access
from services.entitlements.application.explain_access import (
    ExplainAccess,
    Explanation,
    Step,
    explain_access,
)
from services.entitlements.application.ports import Ports
from services.entitlements.domain.checking import Question, Reason
from services.entitlements.domain.places import Place

blueprint = Blueprint("checks", __name__, description="May they?")


class ExplainQuery(QuerySchema):
    """Who, what, where."""

    user_id = UserIdField(required=True, validate=NAME_LENGTH)
    function = fields.String(required=True, validate=NAME_LENGTH)
    tin = tin_field(required=True)
    line = line_field(required=True)


class StepSchema(ResponseSchema):
    """What the user could do there, unchanged from `since` to `ended_at`."""

    level = level_field(required=True)
    functions = fields.List(fields.String(), required=True)
    has_function = fields.Boolean(required=True)
    given_by = fields.String(required=True)
    since = Instant(required=True)
    until = Instant(required=True, allow_none=True)
    request_id = fields.String(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)


class ExplanationSchema(AnswerSchema):
    """Why somebody has, or lacks, a function."""

    given_by = fields.String(required=True, allow_none=True, metadata={"description": "Who gave the function."})
    giver_holds = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Whether they hold it themselves still."}
    )
    chain = fields.List(fields.Nested(StepSchema), required=True, metadata={"description": "Newest first."})


def answers_for(bearer: Bearer, questions: tuple[Question, ...], ports: Ports) -> tuple[Answer, ...]:
    """The answers that whoever asks may have; raises `ScopeMissingError`, `NotYoursToCheckError`."""
    if isinstance(bearer, ClientCaller) and CHECK not in bearer.scopes:
        raise ScopeMissingError(f"This needs the scope {CHECK}, which the access token does not carry.")
    asker = None if isinstance(bearer, ClientCaller) else bearer.user_id
    return check_access(CheckAccess(asker, questions), ports)


@blueprint.route("/check", methods=["POST"])
@signed_in_or_client
@blueprint.refuses(403)
@blueprint.arguments(CheckSchema)
@blueprint.response(200, AnswerSchema)
def post_check(question: Question) -> Answer:
    """May they do it there now? About yourself, or with the scope `entitlements.check` about anyone."""
    (answer,) = _answers(question)
    return answer


@blueprint.route("/check/batch", methods=["POST"])
@signed_in_or_client
@blueprint.refuses(403)
@blueprint.arguments(ChecksSchema)
@blueprint.response(200, AnswersSchema)
def post_batch(body: dict[str, Any]) -> dict[str, Any]:
    """The same, up to a thousand questions at once."""
    return {"results": _answers(*body["checks"])}


@blueprint.route("/explain", methods=["GET"])
@signed_in
@blueprint.refuses(404)
@blueprint.arguments(ExplainQuery, location="query")
@blueprint.response(200, ExplanationSchema)
def get_explanation(query: dict[str, Any]) -> dict[str, Any]:
    """Why a user whom you may see has, or lacks, a function."""
    place = Place(query["tin"], query["line"])
    command = ExplainAccess(context.caller.user_id, query["user_id"], query["function"], place)
    return _shown(explain_access(command, context.work, context.ports))


def _answers(*questions: Question) -> tuple[Answer, ...]:
    return answers_for(context.client_or_none or context.caller, questions, context.ports)


def _shown(explanation: Explanation) -> dict[str, Any]:
    return {
        "allowed": explanation.reason is Reason.GRANTED,
        "reason": explanation.reason,
        "given_by": explanation.given_by,
        "giver_holds": explanation.giver_holds,
        "chain": [_step(step) for step in explanation.chain],
    }


def _step(step: Step) -> dict[str, Any]:
    access = step.access
    return {
        "level": access.grant.level,
        "functions": sorted(access.grant.functions),
        "has_function": step.has_function,
        "given_by": access.given_by,
        "since": access.since,
        "until": access.grant.until,
        "request_id": access.request_id,
        "ended_at": access.ended_at,
        "ended_by": access.ended_by,
    }
