"""Support → Outreach: the queue of practices that need an access manager, by due date (REG-13)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from services.portal.api.handles import handle, meant
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api
from services.portal.api.support.desk import for_support
from services.portal.application.outreach_calls import Outreach
from services.portal.application.outreach_words import OUTCOMES, REASONS

blueprint = Blueprint("outreach", __name__, url_prefix="/support/outreach")

VIEWS: Final = ("open", "overdue", "closed")
_STATES: Final = {"open": None, "overdue": "overdue", "closed": "closed"}
_PAGE: Final = 25
_LONGEST: Final = 100


@blueprint.get("")
@for_support
def show() -> Response:
    """A page of cases; those that are overdue come first."""
    asked = request.args.get("view", "")
    view = asked if asked in VIEWS else "open"
    search, cursor = (_meant(name, kind) for name, kind in (("search", "search"), ("after", "cursor")))
    query = {"state": _STATES[view], "query": search, "cursor": cursor, "limit": _PAGE}
    cases, following = Outreach(api()).cases(query)
    return page(
        "support/outreach.html",
        section="outreach",
        view=view,
        views=VIEWS,
        search=search or "",
        cases=cases,
        following=following,
        is_first=cursor is None,
        reasons=REASONS,
        outcomes=OUTCOMES,
        kept={"search": handle(search, "search") if search else None},
    )


@blueprint.post("/search")
@for_support
def search() -> Response:
    """Narrow the list down: what was typed may be a TIN, and stands in no address."""
    typed, view = request.form.get("search", "").strip()[:_LONGEST], request.form.get("view", "")
    return go_to(
        "outreach.show", view=view if view in VIEWS else None, search=handle(typed, "search") if typed else None
    )


def _meant(name: str, kind: str) -> str | None:
    given = request.args.get(name)
    return meant(given, kind) if given else None
