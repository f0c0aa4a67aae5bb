"""Step 5: the code from the e-mail, and what is open from today (REG-9, REG-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import Response, g, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.errors import GOING_TO
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.registration.managers import with_managers
from services.portal.api.registration.wizard import DONE, blueprint, registering, step_titles
from services.portal.api.waiting import seconds_until
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Fields

_CODE: Final = Fields({"/code": "code"})
_ADDRESS: Final = Fields({"/email": "email", "/password": "password"})


@blueprint.get("/done")
def done() -> Response:
    """What was registered, and what comes next."""
    made = _made()
    return _page(made, FormView()) if made else go_to("registration.practice_type")


@blueprint.post("/done")
def confirm() -> Response:
    """Give the code."""
    made = _made()
    if made is None:
        return go_to("registration.practice_type")
    if made["confirmed"]:
        return go_to("registration.done")
    code = "".join(request.form.get("code", "").split())
    form = FormView({"code": code}, _CODE, labels={"code": gettext("Code")})
    try:
        registering().confirm(made["user_id"], code, context.form_key)
    except ProblemError as problem:
        form.refuse(problem)
        return _page(made, form)
    context.session[DONE] = {**made, "confirmed": True}
    return go_to("registration.done")


@blueprint.get("/done/address")
def address() -> Response:
    """Have the code sent again, or to another address."""
    made = _made()
    if made is None or made["confirmed"]:
        return go_to("registration.done")
    return _address_page(made, FormView({"email": made["email"]}))


@blueprint.post("/done/address")
def send_again() -> Response:
    """Send it, to the owner of the password alone."""
    made = _made()
    if made is None or made["confirmed"]:
        return go_to("registration.done")
    email = request.form.get("email", "").strip()
    changed = email if email != made["email"] else None
    form = FormView({"email": email}, _ADDRESS, labels=_address_labels())
    try:
        wait = registering().send_confirmation(
            made["user_id"], request.form.get("password", ""), changed, context.form_key
        )
    except ProblemError as problem:
        form.refuse(problem)
        return _address_page(made, form)
    again_at = (g.now + timedelta(seconds=wait)).isoformat()
    context.session[DONE] = {**made, "email": email or made["email"], "sent_again": True, "again_at": again_at}
    return go_to("registration.done")


@blueprint.post("/done/log-in")
def log_in() -> Response:
    """Sign in, and come back to see who can give access."""
    context.session[GOING_TO] = "/register/done"
    return go_to("sign_in.begin")


def _made() -> dict[str, Any] | None:
    made: dict[str, Any] | None = context.session.get(DONE)
    return made


def _address_labels() -> dict[str, str]:
    return {"email": gettext("E-mail address"), "password": gettext("Password")}


def _address_page(made: dict[str, Any], form: FormView) -> Response:
    form.labels = _address_labels()
    return page("registration/address.html", form=form, made=made, wait=seconds_until(made.get("again_at")))


def _page(made: dict[str, Any], form: FormView) -> Response:
    requests = with_managers(made["requests"], made["user_id"]) if made["confirmed"] else made["requests"]
    return page("registration/done.html", form=form, made=made, requests=requests, steps=step_titles())
