"""Invitations: open, redeemed and ended ones; renewing and taking back (REG-15)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, g, request

from services.portal.api.access.desk import open_desk
from services.portal.api.context import context
from services.portal.api.handles import meant
from services.portal.api.invitations import drafts
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.errors import ProblemError
from services.portal.application.invitation_calls import STATES, Invitations

blueprint = Blueprint("invitations", __name__, url_prefix="/users/invitations")

_PAGE: Final = 25
_CONFLICT: Final = 409
_FIRST: Final = "open"


@blueprint.get("")
@signed_in
def show() -> Response:
    """A page of them."""
    open_desk()
    view, after = request.args.get("view", _FIRST), request.args.get("after")
    if view not in STATES:
        view = _FIRST
    found, following = Invitations(api()).page(view, meant(after, "cursor") if after else None, _PAGE, g.now)
    return page(
        "invitations/list.html",
        section="access",
        view=view,
        views=list(STATES),
        invitations=found,
        following=following,
        is_first=after is None,
        over=request.args.get("over") == "1",
        changed=request.args.get("changed") == "1",
    )


@blueprint.post("/<string:invitation>/renew")
@signed_in
def renew(invitation: str) -> Response:
    """Open it for its whole time again: another password is shown, once."""
    open_desk()
    try:
        renewed = Invitations(api()).renew(meant(invitation, "invitation"), context.form_key)
    except ProblemError as problem:
        return _over(problem)
    drafts.keep_credentials([renewed])
    return go_to("credentials.show")


@blueprint.get("/<string:invitation>/revoke")
@signed_in
def ask_revoke(invitation: str) -> Response:
    """Ask once more."""
    open_desk()
    return page(
        "invitations/revoke.html", section="access", invitation=Invitations(api()).one(meant(invitation, "invitation"))
    )


@blueprint.post("/<string:invitation>/revoke")
@signed_in
def revoke(invitation: str) -> Response:
    """Take it back."""
    open_desk()
    try:
        Invitations(api()).revoke(meant(invitation, "invitation"), context.form_key)
    except ProblemError as problem:
        return _over(problem)
    return go_to("invitations.show", view="ended")


def _over(problem: ProblemError) -> Response:
    """Something became of it meanwhile: the list shows what."""
    if problem.status != _CONFLICT:
        raise problem
    return go_to("invitations.show", over=1)
