"""Remove what a user may do (ENT-8): everywhere that one administers, or at one practice."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.access import drafts
from services.portal.api.access.desk import Desk
from services.portal.api.access.drafts import Draft
from services.portal.api.access.modification import find_user
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import signed_in
from services.portal.application.access_items import User

blueprint = Blueprint("removal", __name__, url_prefix="/users/<string:user>/remove")

EVERYWHERE = "all"


@blueprint.get("")
@signed_in
def show(user: str) -> Response:
    """Where it is to be removed; with a single practice there is nothing to choose, unless one comes back."""
    desk, found = find_user(user)
    tins = _tins(desk, found)
    if len(tins) == 1 and "again" not in request.args:
        return _to_preview(found, *tins)
    return page("access/remove.html", section="access", user=found, tins=tins, form=FormView())


@blueprint.post("")
@signed_in
def choose(user: str) -> Response:
    """To the preview."""
    desk, found = find_user(user)
    where, tins = request.form.get("where", ""), _tins(desk, found)
    if where == EVERYWHERE:
        return _to_preview(found, None)
    if where and (tin := meant(where, "tin")) in tins:
        return _to_preview(found, tin)
    form = FormView(values=request.form.to_dict())
    form.add("where", gettext("Choose where."))
    return page("access/remove.html", section="access", user=found, tins=tins, form=form)


def _to_preview(found: User, tin: str | None) -> Response:
    return go_to("changes.show", draft=drafts.begin(Draft(found.user_id, found.name, tin=tin)))


def _tins(desk: Desk, found: User) -> dict[str, str | None]:
    """The TINs, with their practices' names, at which there is something to take away."""
    return {
        access.place.tin: access.practice
        for access in found.access
        if access.state != "ended" and desk.at(access.place) is not None
    }
