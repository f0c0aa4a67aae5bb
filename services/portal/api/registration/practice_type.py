"""Step 1: what kind of practice (REG-1)."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.registration.wizard import (
    FIELDS,
    blueprint,
    draft,
    keep_practice_type,
    registering,
    step_titles,
)
from services.portal.application.problems import fault_errors


@blueprint.get("")
def practice_type() -> Response:
    """Ask."""
    return _page(FormView({"practice_type": draft().practice_type or ()}))


@blueprint.post("")
def take_practice_type() -> Response:
    """Take the answer; nothing is asked twice of those who come back."""
    chosen = request.form.getlist("practice_type")
    form = FormView({"practice_type": chosen}, FIELDS)
    form.add_all(fault_errors(registering().preview({"practice_type": chosen}).faults, FIELDS))
    if form.is_wrong:
        return _page(form)
    keep_practice_type(chosen)
    return go_to("registration.tins")


def _page(form: FormView) -> Response:
    form.labels = {"practice_type": gettext("Practice type")}
    return page("registration/practice_type.html", form=form, steps=step_titles(), types=context.site.practice_types)
