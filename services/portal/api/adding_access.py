"""Settings → Add access: what a manager prepared, added to the account that one has, by its temporary ID (REG-14)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.navigation import forget_reach
from services.portal.api.pages import go_to, page
from services.portal.api.registration.temporary_id import read_secrets, refused
from services.portal.api.signed_in import api, signed_in, user_id
from services.portal.application.errors import ProblemError
from services.portal.application.invitation_calls import redeem

blueprint = Blueprint("adding_access", __name__, url_prefix="/settings/online-access/add")

_ADDED: Final = "added_access"


@blueprint.get("")
@signed_in
def ask() -> Response:
    """Ask for both, as printed."""
    return _page(FormView())


@blueprint.post("")
@signed_in
def add() -> Response:
    """Redeem it."""
    form = read_secrets()
    if form.is_wrong:
        return _page(form)
    try:
        opened = redeem(api(), form.value("temporary_id"), form.value("temporary_password"), context.form_key)
    except ProblemError as problem:
        if problem.status not in {409, 422, 429}:
            raise
        return _page(refused(form, problem))
    forget_reach()
    context.session[_ADDED] = {"of": user_id(), "access": list(opened.access)}
    return go_to("adding_access.added")


@blueprint.get("/done")
@signed_in
def added() -> Response:
    """What it holds."""
    kept = context.session.get(_ADDED)
    if kept is None or kept["of"] != user_id():
        return go_to("online_access.show")
    return page("online_access/added.html", section="online_access", prepared=kept["access"])


def _page(form: FormView) -> Response:
    return page("online_access/add.html", section="online_access", form=form)
