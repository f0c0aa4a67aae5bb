"""Forgot password, first step: the user ID, and where the code goes (IDN-7)."""

from __future__ import annotations

from typing import Final

from flask import Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import page
from services.portal.api.recovery import state
from services.portal.api.recovery.state import Flow, News, Stage
from services.portal.api.recovery.steps import (
    FIELDS,
    blueprint,
    on,
    place_of,
    recovering,
    refused,
    step_titles,
)
from services.portal.application.errors import ProblemError
from services.portal.application.recovery_calls import Challenge
from services.portal.application.sign_in_calls import Method

_SENT_LATELY: Final = "too_many_attempts"
_ALREADY_SHOWN: Final = "already_shown"


@blueprint.get("/forgot-password")
def begin() -> Response:
    """Ask for the user ID; whoever comes back finds it filled in."""
    return _page(FormView({"user_id": state.named().user_id if "flow" in request.args else ""}))


@blueprint.post("/forgot-password")
def take_user_id() -> Response:
    """Begin with it, or go on with what was begun in this browser, whose code would be void else."""
    user_id = request.form.get("user_id", "").strip()
    form = FormView({"user_id": user_id}, FIELDS)
    if not user_id:
        form.add_code("user_id", "required")
        return _page(form)
    begun = state.under_way(user_id)
    if begun is not None:
        return place_of(begun)
    try:
        challenge = _begun(user_id)
    except ProblemError as problem:
        form.refuse(problem)
        return _page(form)
    flow = state.begin(user_id, challenge)
    return _sent(flow, challenge.methods[0]) if len(challenge.methods) == 1 else on("recovery.choose", flow)


@blueprint.get("/forgot-password/method")
def choose() -> Response:
    """Ask where the code should go."""
    flow = state.named()
    if not flow.awaits_code:
        return place_of(flow)
    return _method_page(flow, FormView({"method": flow.method or flow.open_challenge.methods[0].id}))


@blueprint.post("/forgot-password/method")
def send() -> Response:
    """Send it there, again if need be."""
    flow = state.named()
    if not flow.awaits_code:
        return place_of(flow)
    chosen = flow.open_challenge.method(request.form.get("method", ""))
    if chosen is None:
        form = FormView()
        form.add_code("method", "method_unknown")
        return _method_page(flow, form)
    return _sent(flow, chosen)


def _begun(user_id: str) -> Challenge:
    try:
        return recovering().begin(user_id, context.form_key)
    except ProblemError as problem:
        if problem.code != _ALREADY_SHOWN:
            raise
        return recovering().begin(user_id, None)  # the form was kept open long after it had been sent


def _sent(flow: Flow, method: Method) -> Response:
    """Have the code sent; one that was sent in this recovery a moment ago still counts."""
    news = News.SENT_AGAIN if flow.stage is Stage.CODE_SENT and flow.method == method.id else News.SENT
    try:
        wait = recovering().send(flow.open_challenge, method, context.form_key)
    except ProblemError as problem:
        return _not_sent(flow, method, problem)
    return on("recovery.ask_code", state.keep(flow.sent(method.id, wait, news)))


def _not_sent(flow: Flow, method: Method, problem: ProblemError) -> Response:
    if problem.code == _SENT_LATELY and problem.retry_after is not None:
        return on("recovery.ask_code", state.keep(flow.refused(method.id, problem.retry_after)))
    form = FormView({"method": method.id}, FIELDS)
    return _method_page(flow, form) if refused(problem, form, flow) else place_of(state.keep(flow.proven()))


def _page(form: FormView) -> Response:
    form.labels = {"user_id": gettext("User ID")}
    return page("recovery/user_id.html", form=form, steps=step_titles())


def _method_page(flow: Flow, form: FormView) -> Response:
    form.labels = {"method": gettext("Where to send the code")}
    return page("recovery/method.html", form=form, steps=step_titles(), flow=flow)
