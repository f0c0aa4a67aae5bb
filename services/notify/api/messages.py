"""`me/messages`: one's own in-portal inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, page
from chassis.web.schemas import Instant, ResponseSchema, list_of
from services.notify.api.context import context
from services.notify.application.read_messages import MarkRead, ReadMessages, mark_read, read_messages

blueprint = Blueprint("messages", __name__, url_prefix="/me/messages", description="One's own messages.")


class MessageSchema(ResponseSchema):
    """A message in the portal; `notice` says what kind it is."""

    id = fields.UUID(required=True)
    notice = fields.String(required=True, metadata={"example": "request_awaiting"})
    subject = fields.String(required=True)
    text = fields.String(required=True)
    at = Instant(required=True)
    read = fields.Boolean(required=True)


class InboxSchema(list_of(MessageSchema)):  # type: ignore[misc] # a class made at run time
    """A page of one's messages, newest first."""

    unread = fields.Integer(required=True, metadata={"description": "How many of all are not marked as read."})


@blueprint.route("")
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, InboxSchema)
def get_messages(query: dict[str, Any]) -> dict[str, Any]:
    """Read one's messages, newest first."""
    before = query["cursor"][0] if query["cursor"] else None
    wish = ReadMessages(context.caller.user_id, query["limit"], before)
    inbox = read_messages(wish, context.work, context.ports)
    following = (inbox.items[-1].id,) if inbox.more else None
    return page(inbox.items, following) | {"unread": inbox.unread}


@blueprint.route("/<uuid:message_id>/read", methods=["POST"])
@signed_in
@blueprint.response(204)
def post_read(message_id: UUID) -> None:
    """Mark a message as read; again changes nothing."""
    mark_read(MarkRead(context.caller.user_id, str(message_id)), context.work, context.ports)
