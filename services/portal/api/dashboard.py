"""The first page of everyone signed in: what waits for them, and what they wait for (pages.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, g

from services.portal.api.context import context
from services.portal.api.navigation import forget_reach
from services.portal.api.pages import page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_calls import Entitlements
from services.portal.application.errors import ProblemError
from services.portal.application.invitation_calls import Invitations
from services.portal.application.message_calls import inbox, job_roles
from services.portal.application.review_calls import reviews
from services.portal.application.standing import Standing, read_standing

blueprint = Blueprint("dashboard", __name__)

_MANY: Final = 200


@blueprint.get("/dashboard")
@signed_in
def show() -> Response:
    """For managers who waits for them, for the rest what is open and what waits with whom."""
    forget_reach()
    calls = Entitlements(api())
    standing = read_standing(calls, context.site.lines)
    return page(
        "dashboard.html",
        section="dashboard",
        me=api().get("/api/identity/v1/me").body,
        standing=standing,
        managers=managers_of(calls, _asked(standing)),
        titles={each.code: each.title for each in calls.functions()},
        roles=job_roles(api()) if standing.awaiting else {},
        unread=inbox(api(), limit=1).unread,
        ending=len(Invitations(api()).page("ending", None, _MANY, g.now)[0]) if standing.administered else 0,
        to_review=sum(each.yours for each in reviews(api())) if standing.manages else 0,
    )


def managers_of(calls: Entitlements, tins: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The managers' names by TIN; none for a TIN of which the person may not know them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for tin in sorted(set(tins)):
        try:
            found[tin] = calls.managers(tin)
        except ProblemError as problem:
            if problem.status != 404:  # noqa: PLR2004 (not theirs to know, or not any more)
                raise
            found[tin] = []
    return found


def _asked(standing: Standing) -> list[str]:
    return [request.place.tin for request in standing.waiting]
