"""The messages in the portal (NTF-3): newest first, with those unread to be seen at once."""

from __future__ import annotations

from flask import Blueprint, Response, request

from services.portal.api.context import context
from services.portal.api.handles import meant
from services.portal.api.navigation import forget_reach
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.message_calls import inbox, mark_read

blueprint = Blueprint("messages", __name__, url_prefix="/messages")


@blueprint.get("")
@signed_in
def show() -> Response:
    """A page of them."""
    after = request.args.get("after")
    found = inbox(api(), meant(after, "cursor") if after else None)
    return page("messages/list.html", section="messages", inbox=found, after=after)


@blueprint.post("/<string:message>/read")
@signed_in
def read(message: str) -> Response:
    """Mark one as read, and back to the same page of the list."""
    mark_read(api(), meant(message, "message"), context.form_key)
    forget_reach()
    return go_to("messages.show", after=request.form.get("after") or None)
