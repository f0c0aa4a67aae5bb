"""Signing in by OpenID Connect: off to the issuer, and back with a code (IDN-11)."""

from __future__ import annotations

import hmac
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, Response, g, make_response, redirect, request, url_for

from services.portal.api.context import context
from services.portal.api.errors import GOING_TO
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, is_signed_in, remember
from services.portal.application.errors import ProblemError, SignInBrokenError, SignInNeededError
from services.portal.application.ports import SignInRequest

blueprint = Blueprint("sign_in", __name__)

_BEGUN: Final = "sign_in_begun"
_MOST_AT_ONCE: Final = 5
_TYPED: Final = "sign_in_typed"
_BY_PASSKEY: Final = "sign_in_by_passkey"
_TYPED_FOR: Final = timedelta(seconds=60)
_STOPPED: Final = {
    "authorization_refused": ("site_refused", 400),
    "too_many_attempts": ("busy", 429),
    "unavailable": ("down", 503),
    "internal_error": ("failed", 500),
}
"""The issuer's reasons, with the page and status of each."""


@blueprint.get("/login")
def begin() -> Response:
    """To the issuer, which asks for a password, or knows the person already."""
    wish = context.ports.issuer.begin(context.site, context.language)
    begun: dict[str, Any] = context.session.get(_BEGUN, {})
    latest = dict(list(begun.items())[1 - _MOST_AT_ONCE :])
    context.session[_BEGUN] = {**latest, wish.state: {"nonce": wish.nonce, "verifier": wish.verifier}}
    return make_response(redirect(wish.address, 302))


@blueprint.post("/login")
def begin_with_password() -> Response:
    """The landing page's form: off to the issuer, whose sign-in page finds there what was typed here."""
    if context.site.url == context.ports.issuer_url:
        until = (g.now + _TYPED_FOR).isoformat()
        context.session[_TYPED] = [request.form.get("user_id", "").strip(), request.form.get("password", ""), until]
    return begin()


@blueprint.post("/login/passkey")
def begin_with_passkey() -> Response:
    """The landing page's other button: off to the issuer, whose sign-in page then asks for a passkey at once."""
    if context.site.url == context.ports.issuer_url:
        context.session[_BY_PASSKEY] = (g.now + _TYPED_FOR).isoformat()
    return begin()


@blueprint.get("/signed-in")
def finish() -> Response:
    """Back from the issuer: exchange the code, and go on to where the person was going."""
    wish = _begun_here(request.args.get("state", ""))
    if request.args.get("iss", "") != context.ports.issuer_url or not request.args.get("code"):
        raise SignInBrokenError("no code, or not from the issuer")
    tokens = context.ports.issuer.finish(context.site, wish, request.args["code"])
    going_to = context.session.pop(GOING_TO, None)
    context.session.pop(_BEGUN, None)
    remember(tokens)
    return make_response(redirect(f"{context.site.url}{going_to}", 303)) if going_to else go_to("dashboard.show")


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session everywhere; the issuer's own cookie is worth nothing after that."""
    if is_signed_in():
        # Where it is over already, or identity is down: what matters here is that this browser holds nothing.
        with suppress(SignInNeededError, ProblemError):
            api().send("POST", "/api/identity/v1/sign-out")
    context.session.end()
    return go_to("sign_in.signed_out")


@blueprint.get("/signed-out")
def signed_out() -> Response:
    """What is left to say."""
    return page("signed_out.html")


@blueprint.get("/sign-in/stopped")
def stopped() -> Response:
    """Where the issuer leads a browser whose sign-in it cannot go on with; only known reasons are told apart."""
    name, status = _STOPPED.get(request.args.get("why", ""), ("sign_in_broken", 400))
    return page(f"errors/{name}.html", status=status, again=url_for("sign_in.begin"))


def typed_on_landing() -> tuple[str, str] | None:
    """What was typed there a moment ago, once."""
    user_id, password, until = context.session.pop(_TYPED, None) or ("", "", "")
    return (user_id, password) if user_id and datetime.fromisoformat(until) > g.now else None


def passkey_wished_on_landing() -> bool:
    """Whether that button was pressed a moment ago; told once."""
    until = context.session.pop(_BY_PASSKEY, None)
    return until is not None and datetime.fromisoformat(until) > g.now


def _begun_here(state: str) -> SignInRequest:
    """What this browser's own sign-in is to come back with, once."""
    begun: dict[str, Any] = context.session.get(_BEGUN, {})
    for known, kept in begun.items():
        if hmac.compare_digest(known, state):
            context.session[_BEGUN] = {name: each for name, each in begun.items() if name != known}
            return SignInRequest("", state, kept["nonce"], kept["verifier"])
    raise SignInBrokenError("not begun here")
