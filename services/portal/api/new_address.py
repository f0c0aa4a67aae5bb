"""For those who lost their mailbox: what to do, verifying the new address, and stopping it from an old one (IDN-17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, g, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.waiting import seconds_until
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Fields
from services.portal.application.vouching_calls import NewAddress

blueprint = Blueprint("new_address", __name__, url_prefix="/new-address")

_KEPT: Final = "new_address"
_FIELDS: Final = Fields({"/user_id": "user_id", "/code": "code", "/token": "token"})
_TOO_MANY: Final = 429
_SAID_HERE: Final = frozenset({404, 409, 422, 429})


@blueprint.get("/lost")
def lost() -> Response:
    """What to do without mailbox and telephone."""
    return page("new_address/lost.html")


@blueprint.get("")
def ask_user_id() -> Response:
    """Whose new address it is."""
    return _user_id_page(FormView({"user_id": _kept().get("user_id", "")}))


@blueprint.post("")
def send() -> Response:
    """Have a code sent there, if there is one that waits for it."""
    typed = request.form.get("user_id", "").strip()
    form = FormView({"user_id": typed}, _FIELDS)
    if not typed:
        form.add_code("user_id", "required")
        return _user_id_page(form)
    try:
        wait, is_sent = _new_address().send(typed, context.form_key), True
    except ProblemError as problem:
        if problem.status != _TOO_MANY or problem.retry_after is None:
            raise
        wait, is_sent = problem.retry_after, False
    again_at = (g.now + timedelta(seconds=wait)).isoformat()
    context.session[_KEPT] = {"user_id": typed, "again_at": again_at, "is_sent": is_sent}
    return go_to("new_address.ask_code")


@blueprint.get("/code")
def ask_code() -> Response:
    """The code of the latest message."""
    return _code_page(FormView()) if _kept() else go_to("new_address.ask_user_id")


@blueprint.post("/code")
def verify() -> Response:
    """Show that the address is one's own."""
    kept, form = _kept(), FormView({"code": request.form.get("code", "").strip()}, _FIELDS)
    if not kept:
        return go_to("new_address.ask_user_id")
    if not form.value("code"):
        form.add_code("code", "required")
        return _code_page(form)
    try:
        _new_address().verify(kept["user_id"], str(form.value("code")), context.form_key)
    except ProblemError as problem:
        if problem.status not in _SAID_HERE:
            raise
        form.refuse(problem)
        return _code_page(form)
    context.session.pop(_KEPT, None)
    return go_to("new_address.verified")


@blueprint.get("/confirmed")
def verified() -> Response:
    """What comes next."""
    return page("new_address/verified.html")


@blueprint.get("/stop")
def ask_stop() -> Response:
    """Reached from the message to an old contact, whose code stands behind the `#` and so reaches nobody's log."""
    return _stop_page(FormView())


@blueprint.post("/stop")
def stop() -> Response:
    """Stop it."""
    form = FormView({"token": request.form.get("token", "").strip()}, _FIELDS)
    if not form.value("token"):
        form.add_code("token", "required")
        return _stop_page(form)
    try:
        _new_address().stop(str(form.value("token")), context.form_key)
    except ProblemError as problem:
        if problem.status not in _SAID_HERE:
            raise
        if problem.code == "not_found":
            form.add_code("token", "stop_unknown")
        else:
            form.refuse(problem)
        return _stop_page(form)
    return go_to("new_address.stopped")


@blueprint.get("/stopped")
def stopped() -> Response:
    """That nothing changes."""
    return page("new_address/stopped.html")


def _new_address() -> NewAddress:
    return NewAddress(context.visitor_api)


def _kept() -> dict[str, str]:
    kept: dict[str, str] = context.session.get(_KEPT) or {}
    return kept


def _user_id_page(form: FormView) -> Response:
    form.labels = {"user_id": gettext("User ID")}
    return page("new_address/user_id.html", form=form)


def _code_page(form: FormView) -> Response:
    kept = _kept()
    form.labels = {"code": gettext("Code")}
    wait = seconds_until(kept.get("again_at"))
    return page("new_address/code.html", form=form, kept=kept, wait=wait)


def _stop_page(form: FormView) -> Response:
    form.labels = {"token": gettext("Code of our message")}
    return page("new_address/stop.html", form=form)
