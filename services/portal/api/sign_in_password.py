"""The last step of a sign-in with a temporary password: one of their own (IDN-8)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api import sign_in_state as state
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.sign_in_steps import stop_if_over
from services.portal.application.errors import ProblemError, SignInBrokenError
from services.portal.application.problems import Fields
from services.portal.application.sign_in_calls import Challenge, SigningIn

blueprint = Blueprint("sign_in_password", __name__, url_prefix="/sign-in/new-password")

_FIELDS: Final = Fields({"/new_password": "new_password"})


@blueprint.get("")
def show() -> Response:
    """Ask for it; whoever comes back here afterwards is where they belong."""
    if state.onward():
        return go_to("landing.show")
    _challenge()
    return _page(FormView())


@blueprint.post("")
def take() -> Response:
    """Set it, and let the browser go on where it came from."""
    if done := state.onward():
        return state.carried_on(done)
    challenge, password = _challenge(), request.form.get("new_password", "")
    form = FormView({}, _FIELDS)
    if not password:
        form.add_code("new_password", "required")
        return _page(form)
    try:
        handle = state.request_handle()
        onward = SigningIn(context.visitor_api).set_password(challenge, password, handle, context.form_key)
    except ProblemError as problem:
        stop_if_over(problem)
        form.refuse(problem)
        return _page(form)
    return state.passed(onward)


def _challenge() -> Challenge:
    flow = state.flow()
    if not flow.kept.get("wants_password"):
        raise SignInBrokenError("no password is wanted")
    return flow.challenge()


def _page(form: FormView) -> Response:
    form.labels = {"new_password": gettext("New password")}
    return page("sign_in/new_password.html", form=form, handle=state.request_handle())
