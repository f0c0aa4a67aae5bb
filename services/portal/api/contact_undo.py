"""“It was not me”: undoing a change of contacts, from the message that told of it (IDN-5).

The token stands behind `#` in the message's link, which browsers send to no server; a script enters it, or the person.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.application.contact_calls import undo
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Fields

blueprint = Blueprint("contact_undo", __name__, url_prefix="/contacts")

_FIELDS: Final = Fields({"/token": "token"})
_OF_THE_FORM: Final = frozenset({422, 429})


@blueprint.get("/undo")
def ask() -> Response:
    """Whether it is to be undone."""
    return _page(FormView())


@blueprint.post("/undo")
def take() -> Response:
    """Undo it. What was typed is not shown again: it is as good as a password."""
    token = "".join(request.form.get("token", "").split())
    form = FormView({}, _FIELDS)
    if not token:
        form.add_code("token", "required")
        return _page(form)
    try:
        undo(context.visitor_api, token, context.form_key)
    except ProblemError as problem:
        if problem.status not in _OF_THE_FORM:
            raise
        form.refuse(problem)
        return _page(form)
    return go_to("contact_undo.done")


@blueprint.get("/undone")
def done() -> Response:
    """What holds now, and what to do next."""
    return page("contacts/undone.html")


def _page(form: FormView) -> Response:
    form.labels = {"token": gettext("Code of the message")}
    return page("contacts/undo.html", form=form)
