"""`requests`: ask for access, see who waits, decline, withdraw (REG-12)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, page
from chassis.web.schemas import Coded, Instant, RequestSchema, ResponseSchema, list_of
from services.entitlements.api.context import context
from services.entitlements.api.places import line_field, lines_field, tin_field
from services.entitlements.application.ask_for_access import AskForAccess, ask_for_access
from services.entitlements.application.decline_request import DeclineRequest, decline_request
from services.entitlements.application.items import RequestItem
from services.entitlements.application.list_requests import (
    PUBLIC,
    ListRequests,
    ReadRequest,
    list_requests,
    read_request,
)
from services.entitlements.application.listings import Slice
from services.entitlements.application.withdraw_request import WithdrawRequest, withdraw_request
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import RequestState

blueprint = Blueprint("requests", __name__, url_prefix="/requests", description="Who waits for access.")

_STATES = sorted(state.value for state in PUBLIC)
_REFUSALS = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in (403, 409)}


class RequestItemSchema(ResponseSchema):
    """A request for access, with the person's details for those who decide it."""

    id = fields.String(required=True)
    user_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    job_role = fields.String(required=True, allow_none=True)
    tin = fields.String(required=True)
    practice = fields.String(required=True, allow_none=True)
    practice_lines = lines_field(required=True)
    line = line_field(required=True)
    state = fields.String(required=True, attribute="state.value", validate=validate.OneOf(_STATES))
    since = Instant(required=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why it was declined."})
    decided_by = fields.String(
        required=True, allow_none=True, metadata={"description": "A user ID; told to those who may decide alone."}
    )
    decided_at = Instant(required=True, allow_none=True)


class RequestsQuery(PageQuery):
    """Which requests; without a state those that wait, of one's own all."""

    state = fields.String(load_default=None, validate=validate.OneOf(_STATES))
    tin = tin_field(load_default=None)
    query = fields.String(
        load_default="", validate=validate.Length(max=100), metadata={"description": "A name, a user ID, or a TIN."}
    )
    mine = fields.Boolean(load_default=False, metadata={"description": "Your own, in place of those you decide."})


class AskSchema(RequestSchema):
    """For which TIN and line access is asked."""

    tin = tin_field(required=True)
    line = line_field(required=True)


def _says_something(text: str) -> None:
    if not text.strip():
        raise Coded("required", "Say why: the applicant is told.")
    if any((letter < " " and letter not in "\n\t") or letter == "\x7f" for letter in text):
        raise Coded("wrong_form", "A reason has no control characters.")


class DeclineSchema(RequestSchema):
    """Why a request is declined."""

    reason = fields.String(required=True, validate=[validate.Length(1, 1000), _says_something])


@blueprint.route("", methods=["GET"])
@signed_in
@blueprint.arguments(RequestsQuery, location="query")
@blueprint.response(200, list_of(RequestItemSchema))
def get_requests(query: dict[str, Any]) -> dict[str, Any]:
    """Who waits for your decision, or what became of it; those that wait longest first."""
    state = RequestState(query["state"]) if query["state"] else None
    part = Slice(query["limit"], query["cursor"])
    command = ListRequests(context.caller.user_id, state, query["tin"], query["query"], query["mine"], part)
    return page(*list_requests(command, context.work, context.ports))


@blueprint.route("", methods=["POST"])
@signed_in
@blueprint.arguments(AskSchema)
@blueprint.response(201, RequestItemSchema)
@blueprint.doc(responses=_REFUSALS)
def post_requests(body: dict[str, Any]) -> RequestItem:
    """Ask for access to a further TIN."""
    place = Place(body["tin"], body["line"])
    command = AskForAccess(str(context.operation_id), context.caller.user_id, place)
    return ask_for_access(command, context.work, context.ports)


@blueprint.route("/<uuid:request_id>", methods=["GET"])
@signed_in
@blueprint.response(200, RequestItemSchema)
def get_request(request_id: UUID) -> RequestItem:
    """See one request."""
    return read_request(ReadRequest(context.caller.user_id, str(request_id)), context.work, context.ports)


@blueprint.route("/<uuid:request_id>/decline", methods=["POST"])
@signed_in
@blueprint.arguments(DeclineSchema)
@blueprint.response(200, RequestItemSchema)
@blueprint.doc(responses=_REFUSALS)
def post_decline(body: dict[str, Any], request_id: UUID) -> RequestItem:
    """Decline a request, with a reason that the applicant is told."""
    command = DeclineRequest(context.caller.user_id, str(request_id), body["reason"].strip())
    return decline_request(command, context.work, context.ports)


@blueprint.route("/<uuid:request_id>/withdraw", methods=["POST"])
@signed_in
@blueprint.response(200, RequestItemSchema)
@blueprint.doc(responses=_REFUSALS)
def post_withdraw(request_id: UUID) -> RequestItem:
    """Take your own request back."""
    return withdraw_request(WithdrawRequest(context.caller.user_id, str(request_id)), context.work, context.ports)
