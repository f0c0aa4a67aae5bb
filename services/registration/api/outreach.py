"""Support's cases of practices without a manager (REG-13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chassis.kernel.errors import Fault, InvalidError, NotFoundError
from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, Position, page, part_of
from chassis.web.schemas import list_of
from services.registration.api.context import context
from services.registration.api.outreach_schemas import (
    AppointSchema,
    AttemptSchema,
    CaseSchema,
    CloseSchema,
    ConfirmSchema,
    OpenSchema,
    OutreachQuery,
    RejectSchema,
    RemoveSchema,
    shown,
)
from services.registration.application.ask_for_outreach import OpenOutreach, open_outreach
from services.registration.application.attempt_contact import AttemptContact, attempt_contact
from services.registration.application.close_outreach import CloseOutreach, close_outreach
from services.registration.application.decide_proposal import (
    ConfirmProposal,
    RejectProposal,
    confirm_proposal,
    reject_proposal,
)
from services.registration.application.list_outreach import (
    ListOutreach,
    ShownCase,
    ShowOutreach,
    list_outreach,
    show_outreach,
)
from services.registration.application.propose_manager import (
    ProposeManager,
    ProposeRemoval,
    propose_manager,
    propose_removal,
)
from services.registration.domain.lines import in_order
from services.registration.domain.outreach import CaseState
from services.registration.domain.tins import bare_tin
from services.registration.domain.values import RefusedError

blueprint = Blueprint("outreach", __name__, url_prefix="/outreach", description="Practices that need a manager.")

_CASES = list_of(CaseSchema)


@blueprint.route("", methods=["GET"])
@signed_in
@blueprint.refuses(404)
@blueprint.arguments(OutreachQuery, location="query")
@blueprint.response(200, _CASES)
def get_cases(query: dict[str, Any]) -> dict[str, Any]:
    """The cases, the most urgent first; closed ones the last closed first."""
    _support_agent()
    cursor = query["cursor"]
    after = (cursor[0], UUID(cursor[1])) if cursor else None
    command = ListOutreach(query["state"], after, query["limit"], query["query"])
    found = list_outreach(command, context.work, context.ports)
    following = (found.following[0], str(found.following[1])) if found.following else None
    return page(map(shown, found.cases), following)


@blueprint.route("", methods=["POST"])
@signed_in
@blueprint.refuses(404, 409)
@blueprint.arguments(OpenSchema)
@blueprint.response(201, _CASES)
def post_case(body: dict[str, Any]) -> dict[str, Any]:
    """Open a case because a practice called, unless one is open; answers with the cases of the TIN."""
    _support_agent()
    try:
        tin = bare_tin(body["tin"])
    except RefusedError as refused:
        raise InvalidError([Fault("/tin", refused.code, refused.detail)]) from refused
    return _answer(open_outreach(OpenOutreach(tin, body["line"]), context.work, context.ports))


@blueprint.route("/<string:tin>", methods=["GET"])
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, _CASES)
def get_cases_of_tin(query: dict[str, Any], tin: str) -> dict[str, Any]:
    """The cases of one TIN, each of its lines by itself, closed ones last."""
    _support_agent()
    found = show_outreach(ShowOutreach(tin), context.work, context.ports)
    answer = part_of(found, query, _place)
    return answer | {"items": map(shown, answer["items"])}


@blueprint.route("/<string:tin>/attempts", methods=["POST"])
@signed_in
@blueprint.refuses(409)
@blueprint.arguments(AttemptSchema)
@blueprint.response(201, _CASES)
def post_attempt(body: dict[str, Any], tin: str) -> dict[str, Any]:
    """Record that you tried to reach the practice; answers, as all of these, with the cases of the TIN."""
    command = AttemptContact(_support_agent(), tin, body["channel"], body["reached"], body["note"].strip())
    return _answer(attempt_contact(command, context.work, context.ports))


@blueprint.route("/<string:tin>/appoint", methods=["POST"])
@signed_in
@blueprint.refuses(403, 409)
@blueprint.arguments(AppointSchema)
@blueprint.response(201, _CASES)
def post_appointment(body: dict[str, Any], tin: str) -> dict[str, Any]:
    """Propose an access manager; a second agent confirms. Nobody proposes themselves.

    Needs, as removing one and confirming either, a second step passed a moment ago (`step_up_required`).
    """
    lines = in_order(body["lines"])
    command = ProposeManager(_agent_confirmed(), tin, body["user_id"], lines, body["proof"].strip())
    return _answer(propose_manager(command, context.work, context.ports))


@blueprint.route("/<string:tin>/remove-manager", methods=["POST"])
@signed_in
@blueprint.refuses(403, 409)
@blueprint.arguments(RemoveSchema)
@blueprint.response(201, _CASES)
def post_removal(body: dict[str, Any], tin: str) -> dict[str, Any]:
    """Propose that a wrong or fraudulent manager be removed, even the last; a second agent confirms."""
    lines = in_order(body["lines"]) if body["lines"] is not None else None
    command = ProposeRemoval(_agent_confirmed(), tin, body["user_id"], lines, body["proof"].strip())
    return _answer(propose_removal(command, context.work, context.ports))


@blueprint.route("/<string:tin>/confirm", methods=["POST"])
@signed_in
@blueprint.refuses(403, 409)
@blueprint.arguments(ConfirmSchema, required=False)
@blueprint.response(200, _CASES)
def post_confirmation(body: dict[str, Any], tin: str) -> dict[str, Any]:
    """Confirm, as a second agent, what awaits one; the change follows within the second."""
    command = ConfirmProposal(_agent_confirmed(), tin, body["proposal_id"])
    return _answer(confirm_proposal(command, context.work, context.ports))


@blueprint.route("/<string:tin>/reject", methods=["POST"])
@signed_in
@blueprint.refuses(409)
@blueprint.arguments(RejectSchema)
@blueprint.response(200, _CASES)
def post_rejection(body: dict[str, Any], tin: str) -> dict[str, Any]:
    """Say that a proposal, your own or another's, is not to be done."""
    command = RejectProposal(_support_agent(), tin, body["proposal_id"], body["reason"].strip())
    return _answer(reject_proposal(command, context.work, context.ports))


@blueprint.route("/<string:tin>/close", methods=["POST"])
@signed_in
@blueprint.refuses(409)
@blueprint.arguments(CloseSchema)
@blueprint.response(200, _CASES)
def post_closing(body: dict[str, Any], tin: str) -> dict[str, Any]:
    """Close cases for which no manager can be found; who waits there asks again."""
    lines = in_order(body["lines"]) if body["lines"] is not None else None
    command = CloseOutreach(_support_agent(), tin, lines, body["reason"].strip())
    return _answer(close_outreach(command, context.work, context.ports))


def _support_agent() -> str:
    """Who acts; for everybody else there is nothing here (`api.md`, Manner: 404 for what the caller may not see)."""
    if not context.caller.is_support:
        raise NotFoundError
    return context.caller.user_id


def _agent_confirmed() -> str:
    """The same, who has passed a second step a moment ago: they decide who manages (IDN-3)."""
    agent = _support_agent()
    context.caller.show_fresh_step(context.ports.clock.now())
    return agent


def _answer(cases: Iterable[ShownCase]) -> dict[str, Any]:
    return page(map(shown, cases), None)


def _place(item: ShownCase) -> Position:
    """Where a case stands among those of its TIN: the latest first."""
    case = item.case
    return item.state is CaseState.CLOSED, -round(case.opened_at.timestamp() * 1_000_000), str(case.id)
