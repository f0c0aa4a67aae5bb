"""The sign-in pages, at the issuer's origin: user ID and password, then the second step (IDN-1, IDN-2)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from services.portal.api import sign_in_state as state
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.languages import speak
from services.portal.api.pages import go_to, page
from services.portal.api.registration.wizard import await_confirmation
from services.portal.api.remembered import device_token, remember
from services.portal.api.second_step_flow import FIELDS, News, choosing, proof, refuse_code, typed_code
from services.portal.api.sign_in import passkey_wished_on_landing, typed_on_landing
from services.portal.application.errors import ProblemError, SignInBrokenError
from services.portal.application.sign_in_calls import (
    CONFIRM_REQUIRED,
    Challenge,
    Given,
    Method,
    SignedOn,
    SigningIn,
)

blueprint = Blueprint("sign_in_steps", __name__, url_prefix="/sign-in")

_OVER: Final = frozenset({"authorization_over", "not_found"})
_SENT_LATELY: Final = "too_many_attempts"


@blueprint.get("")
def show() -> Response:
    """Ask for user ID and password, unless they were typed on the landing page already."""
    state.request_handle()
    if "ui_locales" in request.args:
        speak(request.args["ui_locales"])
        return state.step("sign_in_steps.show")
    if passkey_wished_on_landing():
        return state.step("passkey_sign_in.show")
    typed = typed_on_landing()
    return _taken(*typed) if typed else _password_page(FormView())


@blueprint.post("")
def take_password() -> Response:
    """Look at user ID and password."""
    return _taken(request.form.get("user_id", "").strip(), request.form.get("password", ""))


@blueprint.get("/method")
def choose() -> Response:
    """Ask how they want to confirm who they are."""
    return _method_page(choosing(state.flow().challenge().methods))


@blueprint.post("/method")
def send() -> Response:
    """Send a code there, where one is sent."""
    challenge = state.flow().challenge()
    chosen = challenge.method(request.form.get("method", ""))
    if chosen is None:
        return _method_page(choosing(challenge.methods, is_refused=True))
    return _chosen(challenge, chosen)


@blueprint.get("/code")
def ask_code() -> Response:
    """Ask for the code; whoever comes back to it after they gave it is where they belong."""
    return go_to("landing.show") if state.onward() else _code_page(FormView())


@blueprint.post("/code")
def take_code() -> Response:
    """Look at the code, and let the browser go on where it came from."""
    if done := state.onward():
        return state.carried_on(done)
    challenge, chosen = state.flow().challenge(), state.flow().chosen()
    if chosen is None:
        return state.step("sign_in_steps.choose")
    form, remembering = typed_code(), "remember" in request.form
    form.values = {**form.values, "remember": ["yes"] if remembering else []}
    try:
        given = {**proof(form, chosen.method), **({"remember_device": True} if remembering else {})}
        done_now = _signing_in().verify(challenge, chosen.method, given, state.request_handle(), context.form_key)
    except ProblemError as problem:
        stop_if_over(problem)
        refuse_code(form, problem, chosen.method)
        return _code_page(form)
    if isinstance(done_now, Challenge):
        return state.passed(done_now)
    return _signed_on(done_now, state.flow().kept["user_id"])


def _signed_on(done: SignedOn, user_id: str) -> Response:
    """Let the browser go on, and remember it where that was wished."""
    state.keep_onward(done.onward)
    response = state.carried_on(done.onward)
    return remember(response, user_id, done.device_token) if done.device_token else response


def _taken(user_id: str, password: str) -> Response:
    form = FormView({"user_id": user_id}, FIELDS)
    try:
        given = Given(user_id, password, device_token(user_id))
        step = _signing_in().begin(given, state.request_handle(), context.form_key)
    except ProblemError as problem:
        stop_if_over(problem)
        form.refuse(problem)
        return _password_page(form)
    if isinstance(step, Challenge):
        state.flow().begin(step, user_id=user_id)
        return _chosen(step, step.methods[0]) if len(step.methods) == 1 else state.step("sign_in_steps.choose")
    if isinstance(step, SignedOn):
        return _signed_on(step, user_id)
    if step == CONFIRM_REQUIRED:
        await_confirmation(user_id)
        return go_to("registration.done")
    raise SignInBrokenError(f"no page for {step}")


def _chosen(challenge: Challenge, method: Method) -> Response:
    """Have a code sent, where the method sends any; one that was sent a moment ago still counts."""
    flow = state.flow()
    if not method.sends:
        flow.choose(method)
        return state.step("sign_in_steps.ask_code")
    earlier = flow.chosen()
    news = News.SENT_AGAIN if earlier and earlier.method == method else News.SENT
    try:
        flow.choose(method, _signing_in().send(challenge, method, context.form_key), news)
    except ProblemError as problem:
        stop_if_over(problem)
        if problem.code == _SENT_LATELY and problem.retry_after is not None:
            flow.choose(method, problem.retry_after, News.TOO_SOON)
            return state.step("sign_in_steps.ask_code")
        form = choosing(challenge.methods, method.id)
        form.refuse(problem)
        return _method_page(form)
    return state.step("sign_in_steps.ask_code")


def stop_if_over(problem: ProblemError) -> None:
    """A sign-in takes ten minutes at most: after that, or in another browser, it begins anew."""
    if problem.code in _OVER:
        state.flow().forget()
        raise SignInBrokenError("over") from problem


def _signing_in() -> SigningIn:
    return SigningIn(context.visitor_api)


def _password_page(form: FormView) -> Response:
    form.labels = {"user_id": gettext("User ID"), "password": gettext("Password")}
    return page("sign_in/password.html", form=form, handle=state.request_handle())


def _method_page(form: FormView) -> Response:
    challenge = state.flow().challenge()
    return page("sign_in/method.html", form=form, challenge=challenge, at=_addresses())


def _code_page(form: FormView) -> Response:
    chosen = state.flow().chosen()
    if chosen is None:
        return state.step("sign_in_steps.choose")
    form.labels = {"code": gettext("Code")}
    challenge = state.flow().challenge()
    return page("sign_in/code.html", form=form, chosen=chosen, challenge=challenge, at=_addresses())


def _addresses() -> dict[str, str]:
    names = {"choose": "choose", "send": "send", "take": "take_code"}
    handle = state.request_handle()
    return {name: url_for(f"sign_in_steps.{view}", request=handle) for name, view in names.items()}
