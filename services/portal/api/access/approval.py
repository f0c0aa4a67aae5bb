"""Approve or decline somebody who waits (REG-12, ENT-7)."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.access import drafts
from services.portal.api.access.desk import Desk, is_oneself, matrix_of, open_desk, requests_of
from services.portal.api.access.drafts import Draft
from services.portal.api.access.matrix_forms import choices_of, form_values, take
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.navigation import forget_reach
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_items import Request
from services.portal.application.errors import ProblemError
from services.portal.application.message_calls import job_roles
from services.portal.application.problems import Fields

blueprint = Blueprint("approval", __name__, url_prefix="/users/waiting/<string:request_handle>")

DECIDED = "request_already_decided"
_CONFLICT = 409


@blueprint.get("")
@signed_in
def show(request_handle: str) -> Response:
    """Who it is, and the matrix; coming back from the preview, as it was filled in."""
    desk, wish = _wish(request_handle)
    if not wish.is_waiting:
        return decided(wish)
    again = request.args.get("again")
    return _form(desk, wish, FormView(values=drafts.find(again).form if again else {}))


@blueprint.post("")
@signed_in
def choose(request_handle: str) -> Response:
    """To the preview."""
    desk, wish = _wish(request_handle)
    if not wish.is_waiting:
        return decided(wish)
    form = FormView(values=form_values())
    matrix = matrix_of(desk, desk.calls.access_of(wish.user_id).access, requests_of(desk, wish.user_id))
    draft = Draft(wish.user_id, wish.name or wish.user_id, [], wish.id, form=form.values)
    try:
        return take(desk.calls, matrix, draft, form) or _form(desk, wish, form)
    except ProblemError as problem:
        if problem.code != DECIDED:
            raise
        return decided(desk.calls.request(wish.id))


@blueprint.get("/decline")
@signed_in
def ask_reason(request_handle: str) -> Response:
    """Why?"""
    _, wish = _wish(request_handle)
    return _decline_page(wish, FormView()) if wish.is_waiting else decided(wish)


@blueprint.post("/decline")
@signed_in
def decline(request_handle: str) -> Response:
    """Decline, with the reason."""
    desk, wish = _wish(request_handle)
    form = FormView(
        values=request.form.to_dict(), fields=Fields({"/reason": "reason"}), labels={"reason": gettext("Reason")}
    )
    reason = request.form.get("reason", "").replace("\r\n", "\n").strip()
    if not reason:
        form.add("reason", gettext("Say why: the person is told."))
        return _decline_page(wish, form)
    try:
        desk.calls.decline(wish.id, reason, context.form_key)
    except ProblemError as problem:
        if problem.code == DECIDED:
            return decided(desk.calls.request(wish.id))
        if not problem.errors:
            raise
        form.refuse(problem)
        return _decline_page(wish, form)
    forget_reach()
    return go_to("approval.declined", request_handle=request_handle)


@blueprint.get("/declined")
@signed_in
def declined(request_handle: str) -> Response:
    """It is done."""
    _, wish = _wish(request_handle)
    return page("access/declined.html", section="access", wish=wish)


def decided(wish: Request) -> Response:
    """It is decided: by the caller themselves, which is then simply done, or by somebody who was first."""
    oneself = wish.decided_by is not None and is_oneself(wish.decided_by)
    return page(
        "access/decided.html", section="access", wish=wish, oneself=oneself, status=200 if oneself else _CONFLICT
    )


def _wish(request_handle: str) -> tuple[Desk, Request]:
    request_id = meant(request_handle, "request")
    desk = open_desk()
    return desk, desk.calls.request(request_id)


def _form(desk: Desk, wish: Request, form: FormView) -> Response:
    matrix = matrix_of(desk, desk.calls.access_of(wish.user_id).access, requests_of(desk, wish.user_id))
    return page(
        "access/approve.html",
        section="access",
        wish=wish,
        matrix=matrix,
        choices=choices_of(matrix, form.values),
        roles=job_roles(api()),
        form=form,
    )


def _decline_page(wish: Request, form: FormView) -> Response:
    return page("access/decline.html", section="access", wish=wish, form=form)
