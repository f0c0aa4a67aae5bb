"""Forgot password, last step: the new one (IDN-7, REG-7)."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import page
from services.portal.api.recovery import state
from services.portal.api.recovery.state import Flow, Stage
from services.portal.api.recovery.steps import FIELDS, blueprint, place_of, recovering, refused, step_titles
from services.portal.application.errors import ProblemError, RecoveryOverError


@blueprint.get("/forgot-password/new")
def new_password() -> Response:
    """Ask for it."""
    flow = state.named()
    return _page(flow, FormView()) if flow.stage is Stage.PROVEN else place_of(flow)


@blueprint.post("/forgot-password/new")
def set_password() -> Response:
    """Set it, once."""
    flow = state.named()
    if flow.stage is not Stage.PROVEN:
        return place_of(flow)
    form = FormView({}, FIELDS)
    password = request.form.get("new_password", "")
    if not password:
        form.add_code("new_password", "required")
        return _page(flow, form)
    try:
        recovering().set_password(flow.open_challenge, password, context.form_key)
    except ProblemError as problem:
        if not refused(problem, form, flow):
            raise RecoveryOverError from problem
        return _page(flow, form)
    return place_of(state.keep(flow.done()))


@blueprint.get("/forgot-password/done")
def done() -> Response:
    """What has come of it, and the way to log in."""
    return page("recovery/done.html")


def _page(flow: Flow, form: FormView) -> Response:
    form.labels = {"new_password": gettext("New password")}
    return page("recovery/new_password.html", form=form, steps=step_titles(), flow=flow)
