"""Logging in by passkey alone, at the issuer's origin (IDN-3)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, url_for
from flask_babel import gettext

from services.portal.api import sign_in_state as state
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.second_step_flow import FIELDS, Flow, browsers_answer
from services.portal.application.errors import ProblemError, SignInBrokenError
from services.portal.application.sign_in_calls import Challenge, SigningIn

blueprint = Blueprint("passkey_sign_in", __name__, url_prefix="/sign-in/passkey")

_OVER: Final = "authorization_over"
_TOO_LATE: Final = "not_found"
_REFUSED: Final = "sign_in_failed"


@blueprint.get("")
def show() -> Response:
    """Ask for a passkey; whoever comes back to it after they logged in is where they belong."""
    if state.is_done():
        return go_to("landing.show")
    return _page(FormView({}, FIELDS))


@blueprint.post("")
def take() -> Response:
    """Look at what the browser answered. A challenge takes one answer: after a wrong one there is a new challenge."""
    if done := state.is_done():
        return state.carried_on(done)
    form = FormView({}, FIELDS)
    try:
        onward = _signing_in().finish_by_passkey(
            _challenge(), browsers_answer(), state.request_handle(), context.form_key
        )
    except ProblemError as problem:
        _flow().forget()
        if problem.code == _OVER:
            raise SignInBrokenError("over") from problem
        _say(form, problem)
        return _page(form)
    _flow().forget()
    return state.passed(onward)


def _say(form: FormView, problem: ProblemError) -> None:
    if problem.code == _REFUSED:
        form.add(None, gettext("This passkey does not open an account here. Log in with your user ID and password."))
    elif problem.code == _TOO_LATE:
        form.add(None, gettext("This took too long: try again."))
    else:
        form.refuse(problem)


def _page(form: FormView) -> Response:
    handle = state.request_handle()
    at = url_for("passkey_sign_in.take", request=handle)
    back = url_for("sign_in_steps.show", request=handle)
    return page("sign_in/passkey.html", form=form, options=_challenge().passkey_options, at=at, back=back)


def _challenge() -> Challenge:
    """The one under way; a new one where there is none."""
    flow = _flow()
    if not flow.kept:
        flow.begin(_signing_in().begin_by_passkey())
    return flow.challenge()


def _flow() -> Flow:
    return Flow(f"by_passkey.{state.request_handle()}")


def _signing_in() -> SigningIn:
    return SigningIn(context.visitor_api)
