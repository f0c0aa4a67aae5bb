"""Registering with a temporary ID: it says who one is and which practices one works for (REG-14)."""

from __future__ import annotations

from typing import Final

from flask import Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.registration.wizard import (
    INVITED_STEPS,
    blueprint,
    draft,
    keep_account,
    keep_invited,
    titles_of,
)
from services.portal.application.errors import ProblemError
from services.portal.application.invitation_calls import redeem
from services.portal.application.problems import Fields
from services.portal.application.registration_draft import Invited

SECRETS: Final = Fields({"/temporary_id": "temporary_id", "/temporary_password": "temporary_password"})


@blueprint.get("/temporary-id")
def temporary_id() -> Response:
    """Ask for both, as printed."""
    invited = draft().invited
    return _page(FormView({"temporary_id": invited.temporary_id if invited else ""}))


@blueprint.post("/temporary-id")
def take_temporary_id() -> Response:
    """What they open fills in the next step; what was typed there before stays where it is filled in already."""
    form = read_secrets()
    if form.is_wrong:
        return _page(form)
    try:
        opened = redeem(
            context.visitor_api, form.value("temporary_id"), form.value("temporary_password"), context.form_key
        )
    except ProblemError as problem:
        return _page(refused(form, problem))
    now = draft()
    is_same = now.invited is not None and now.invited.temporary_id == form.value("temporary_id")
    is_filled_in = is_same and now.account is not None
    keep_invited(Invited(form.value("temporary_id"), form.value("temporary_password"), opened.access))
    if not is_filled_in:
        keep_account({**opened.person, "email_again": opened.person["email"]}, None)
    return go_to("registration.account")


def read_secrets() -> FormView:
    """What was typed, without the blanks around it; both are needed."""
    names = {"temporary_id": gettext("Temporary ID"), "temporary_password": gettext("Temporary password")}
    form = FormView({name: request.form.get(name, "").strip() for name in names}, SECRETS, labels=names)
    for name in names:
        if not form.value(name):
            form.add_code(name, "required")
    return form


def refused(form: FormView, problem: ProblemError) -> FormView:
    """The form with what is wrong; the password is to be typed anew, and stands in no page."""
    form.refuse(problem)
    form.values = {**form.values, "temporary_password": ""}
    return form


def _page(form: FormView) -> Response:
    return page("registration/temporary_id.html", form=form, steps=titles_of(INVITED_STEPS))
