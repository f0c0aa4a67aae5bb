"""Forgot user ID: told to the verified address; the page answers everybody alike (IDN-6)."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.recovery.birth import date_of_birth, typed_birth
from services.portal.api.recovery.steps import FIELDS, blueprint, recovering
from services.portal.application.errors import ProblemError


@blueprint.get("/forgot-user-id")
def ask_user_id() -> Response:
    """Ask for the address and the date of birth."""
    return _page(FormView())


@blueprint.post("/forgot-user-id")
def remind() -> Response:
    """Have the user ID sent, where there is one."""
    email = request.form.get("email", "").strip()
    form = FormView({"email": email, **typed_birth()}, FIELDS)
    if "@" not in email:
        form.add_code("email", "email_invalid")
    born = date_of_birth(form)
    if form.is_wrong:
        return _page(form)
    try:
        recovering().remind(email, born, context.form_key)
    except ProblemError as problem:
        form.refuse(problem)
        return _page(form)
    return go_to("recovery.reminded")


@blueprint.get("/forgot-user-id/sent")
def reminded() -> Response:
    """The one answer."""
    return page("recovery/reminded.html")


def _page(form: FormView) -> Response:
    form.labels = {"email": gettext("E-mail address"), "date_of_birth": gettext("Date of birth")}
    return page("recovery/reminder.html", form=form)
