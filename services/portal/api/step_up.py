"""Confirming anew who one is, before what needs it, and back to where one was (IDN-3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, ParamSpec

from flask import Blueprint, Response, g, make_response, redirect, request, url_for
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.second_step_flow import Flow, News, choosing, proof, refuse_code, typed_code
from services.portal.api.signed_in import api, renew, signed_in, user_id
from services.portal.application.errors import ProblemError
from services.portal.application.own_account_calls import OwnAccount
from services.portal.application.second_step_calls import SteppingUp
from services.portal.application.sign_in_calls import Challenge, Method

P = ParamSpec("P")

blueprint = Blueprint("step_up", __name__, url_prefix="/settings/confirm")

STEP_UP_REQUIRED: Final = "step_up_required"
_FLOW: Final = Flow("stepping_up")
_SENT_LATELY: Final = "too_many_attempts"
_OVER: Final = "not_found"
_TYPED: Final = "step_up.typed"


def step_up_first(back: str | None = None) -> Response:
    """Off to confirm it, and back to the page of the form that was sent: the form's own address, unless one is named.

    Whoever is on the way there already goes on where they are.
    """
    back = back or request.path
    if _FLOW.kept.get("back") == back:
        return go_to("step_up.ask_code" if _FLOW.chosen() else "step_up.choose")
    challenge = SteppingUp(api()).begin()
    _FLOW.begin(challenge, back=back)
    return _chosen(challenge, challenge.methods[0]) if len(challenge.methods) == 1 else go_to("step_up.choose")


def keep_typed(values: Mapping[str, Any]) -> None:
    """Keep what was typed into a form without secrets until its page is shown again, by the same person."""
    context.session[_TYPED] = {"of": user_id(), "at": request.path, "values": dict(values)}


def typed_before() -> dict[str, Any]:
    """What was typed into this page's form before confirming, once; nothing where there was none."""
    kept = context.session.get(_TYPED)
    if kept is None or (kept["of"], kept["at"]) != (user_id(), request.path):
        return {}
    del context.session[_TYPED]
    g.typed_before = True
    return dict(kept["values"])


def confirmed_first(view: Callable[P, Response]) -> Callable[P, Response]:
    """Have it confirmed before a form is filled in, so that nothing typed has to be kept meanwhile."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> Response:
        return view(*args, **kwargs) if OwnAccount(api()).is_fresh(g.now) else step_up_first()

    return checked


@blueprint.get("")
@signed_in
def choose() -> Response:
    """Ask how they want to confirm it."""
    if not _FLOW.kept:
        return go_to("second_steps.show")
    return _method_page(choosing(_FLOW.challenge().methods))


@blueprint.post("")
@signed_in
def send() -> Response:
    """Send a code there, where one is sent."""
    if not _FLOW.kept:
        return go_to("second_steps.show")
    challenge = _FLOW.challenge()
    chosen = challenge.method(request.form.get("method", ""))
    if chosen is None:
        return _method_page(choosing(challenge.methods, is_refused=True))
    return _chosen(challenge, chosen)


@blueprint.get("/code")
@signed_in
def ask_code() -> Response:
    """Ask for the code."""
    return _code_page(FormView())


@blueprint.post("/code")
@signed_in
def take_code() -> Response:
    """Look at the code; once it is right, back to the form."""
    chosen = _FLOW.chosen()
    if chosen is None:
        return go_to("step_up.choose")
    form = typed_code()
    try:
        given = proof(form, chosen.method)
        SteppingUp(api()).verify(_FLOW.challenge(), chosen.method, given, context.form_key)
    except ProblemError as problem:
        if problem.code == _OVER:
            return _back()
        refuse_code(form, problem, chosen.method)
        return _code_page(form)
    renew()
    return _back()


def _chosen(challenge: Challenge, method: Method) -> Response:
    """Have a code sent, where the method sends any; one that was sent a moment ago still counts."""
    if not method.sends:
        _FLOW.choose(method)
        return go_to("step_up.ask_code")
    earlier = _FLOW.chosen()
    news = News.SENT_AGAIN if earlier and earlier.method == method else News.SENT
    try:
        _FLOW.choose(method, SteppingUp(api()).send(challenge, method, context.form_key), news)
    except ProblemError as problem:
        if problem.code == _OVER:
            return _back()
        if problem.code != _SENT_LATELY or problem.retry_after is None:
            raise
        _FLOW.choose(method, problem.retry_after, News.TOO_SOON)
    return go_to("step_up.ask_code")


def _back() -> Response:
    """To the form, which can be sent now, or leads here anew."""
    back = str(_FLOW.kept["back"])
    _FLOW.forget()
    return make_response(redirect(f"{context.site.url}{back}", 303))


def _method_page(form: FormView) -> Response:
    challenge = _FLOW.challenge()
    return page("step_up/method.html", section="second_steps", form=form, challenge=challenge, at=_addresses())


def _code_page(form: FormView) -> Response:
    chosen = _FLOW.chosen()
    if chosen is None:
        return go_to("step_up.choose")
    form.labels = {"code": gettext("Code")}
    challenge = _FLOW.challenge()
    return page(
        "step_up/code.html", section="second_steps", form=form, chosen=chosen, challenge=challenge, at=_addresses()
    )


def _addresses() -> dict[str, str]:
    names = {"choose": "choose", "send": "send", "take": "take_code"}
    return {name: url_for(f"step_up.{view}") for name, view in names.items()}
