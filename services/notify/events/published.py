"""What notify tells the other services: how its messages ended, and which numbers want none."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema, fields

from chassis.bus.envelope import rfc3339
from chassis.bus.schemas import PublishedSchema
from chassis.kernel.messages import Event, Message
from services.notify.domain.events import MessageFailed, MessageSent, NumberOptedIn, NumberOptedOut

SOURCE = "notify"
MESSAGE_SENT = "notify.message.sent.v1"
MESSAGE_FAILED = "notify.message.failed.v1"
NUMBER_OPTED_OUT = "notify.number.opted_out.v1"
NUMBER_OPTED_IN = "notify.number.opted_in.v1"


class MessageSentSchema(PublishedSchema):
    """A message was handed to its provider, or laid into the portal's inbox."""

    message_id = fields.String(required=True)
    notice = fields.String(required=True)
    channel = fields.String(required=True)
    user_id = fields.String(required=True, allow_none=True)
    cause_event = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    attempts = fields.Integer(required=True)


class MessageFailedSchema(MessageSentSchema):
    """A message was given up; `reason` says why: `expired`, `refused`, `unavailable` for a day, `opted_out` ..."""

    reason = fields.String(required=True)


class NumberOwnerSchema(PublishedSchema):
    """Whoever has the number."""

    mobile = fields.String(required=True, metadata={"description": "E.164."})


class NumberSchema(PublishedSchema):
    """Texts go to a number no more, or go again (NTF-5)."""

    short_code = fields.String(
        required=True, allow_none=True, metadata={"description": "What START and STOP are texted to, where known."}
    )
    at = fields.AwareDateTime(required=True)
    person = fields.Nested(NumberOwnerSchema, required=True)


SCHEMAS: Mapping[str, type[Schema]] = {
    MESSAGE_SENT: MessageSentSchema,
    MESSAGE_FAILED: MessageFailedSchema,
    NUMBER_OPTED_OUT: NumberSchema,
    NUMBER_OPTED_IN: NumberSchema,
}


def publish(event: Event) -> Message:
    """The public form of notify's facts; raises `LookupError` for an event without one."""
    match event:
        case MessageSent():
            return _message(MESSAGE_SENT, event)
        case MessageFailed():
            return _message(MESSAGE_FAILED, event, reason=event.reason)
        case NumberOptedOut():
            return _number(NUMBER_OPTED_OUT, event)
        case NumberOptedIn():
            return _number(NUMBER_OPTED_IN, event)
    raise LookupError(f"{type(event).__name__} has no public form")


def _message(event_type: str, event: MessageSent | MessageFailed, **more: str) -> Message:
    data = {
        "message_id": event.message_id,
        "notice": event.notice,
        "channel": event.channel,
        "user_id": event.user_id,
        "cause_event": event.cause_event,
        "at": rfc3339(event.at),
        "attempts": event.attempts,
        **more,
    }
    return Message(event_type, f"message/{event.message_id}", data)


def _number(event_type: str, event: NumberOptedOut | NumberOptedIn) -> Message:
    data = {"short_code": event.short_code, "at": rfc3339(event.at), "person": {"mobile": event.number}}
    return Message(event_type, f"number/{event.number_key}", data)
