"""Manage user access: the users whom one may see, by tab, practice and search (ENT-6)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, request

from services.portal.api.access.desk import open_desk
from services.portal.api.access.password_reset import may_reset
from services.portal.api.context import context
from services.portal.api.handles import handle, meant
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.message_calls import job_roles
from services.portal.application.standing import by_tin

blueprint = Blueprint("users", __name__, url_prefix="/users")

VIEWS: Final = ("awaiting", "active", "inactive", "all")
_PAGE: Final = 25
_LONGEST: Final = 100


@blueprint.get("")
@signed_in
def show() -> Response:
    """A page of them."""
    desk = open_desk()
    view = request.args.get("view", "")
    tin, search, cursor = (_meant(name, kind) for name, kind in _FILTERS)
    if view not in VIEWS:
        view = "all" if search else "active"
    lines = context.site.lines
    query = {"view": view, "tin": tin, "lines": lines, "query": search, "cursor": cursor, "limit": _PAGE}
    users, following = desk.calls.users(query)
    return page(
        "access/users.html",
        section="access",
        view=view,
        views=VIEWS,
        counts=desk.calls.counts(tin, lines),
        practices=by_tin(desk.administered),
        tin=tin,
        search=search or "",
        users=users,
        resettable={each.user_id for each in users if may_reset(desk, each)},
        following=following,
        is_first=cursor is None,
        roles=job_roles(api()),
        kept=_kept(tin, search),
        none_selected="none_selected" in request.args,
    )


@blueprint.post("/search")
@signed_in
def search() -> Response:
    """Narrow the list down: what was typed may be a TIN or a user ID, and stands in no address."""
    practice, typed = request.form.get("practice", ""), request.form.get("search", "").strip()[:_LONGEST]
    view = request.form.get("view", "")
    tin = meant(practice, "tin") if practice else None
    return go_to("users.show", view=view if view in VIEWS else None, **_kept(tin, typed))


_FILTERS: Final = (("practice", "tin"), ("search", "search"), ("after", "cursor"))


def _meant(name: str, kind: str) -> str | None:
    given = request.args.get(name)
    return meant(given, kind) if given else None


def _kept(tin: str | None, typed: str | None) -> dict[str, Any]:
    """The filters for an address, by handles."""
    return {"practice": handle(tin, "tin") if tin else None, "search": handle(typed, "search") if typed else None}
