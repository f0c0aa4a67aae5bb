"""What happens to contacts in its public form (`events.md`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema

from chassis.kernel.messages import Event, Message
from services.identity.domain import contact_events
from services.identity.domain.contacts import Contact
from services.identity.events import contact_schemas

SCHEMAS: Mapping[str, type[Schema]] = {
    "identity.contact.added.v1": contact_schemas.ContactSchema,
    "identity.contact.changed.v1": contact_schemas.ContactChangedSchema,
    "identity.contact.removed.v1": contact_schemas.ContactSchema,
    "identity.contact.change_undone.v1": contact_schemas.ContactChangeUndoneSchema,
    "identity.contact.notice_due.v1": contact_schemas.ContactNoticeDueSchema,
}


def _added(event: contact_events.ContactAdded) -> Message:
    return _of_contact("added", event.user_id, event.contact, {"value": event.contact.value})


def _changed(event: contact_events.ContactChanged) -> Message:
    person = {"value": event.contact.value, "former": event.former}
    return _of_contact("changed", event.user_id, event.contact, person, undo_until=_moment(event.undo_until))


def _removed(event: contact_events.ContactRemoved) -> Message:
    return _of_contact("removed", event.user_id, event.contact, {"value": event.contact.value})


def _change_undone(event: contact_events.ContactChangeUndone) -> Message:
    contacts = [{"contact_id": each.id, "kind": each.kind.value, "value": each.value} for each in event.contacts]
    data = {"undone_at": _moment(event.undone_at), "person": {"contacts": contacts}}
    return _of_account("change_undone", event.user_id, data)


def _notice_due(event: contact_events.ContactNoticeDue) -> Message:
    data = {
        "notice_id": event.id,
        "channel": event.channel.value,
        "standing": event.standing.value,
        "turn": event.turn.value,
        "kind": event.kind.value,
        "language": event.language,
        "site": event.site,
        "undo_hours": event.undo_hours,
        "person": {"hint": event.hint},
        "sealed": event.sealed,
    }
    return _of_account("notice_due", event.user_id, data)


FORMS: Mapping[type[Event], Callable[[Any], Message]] = {
    contact_events.ContactAdded: _added,
    contact_events.ContactChanged: _changed,
    contact_events.ContactRemoved: _removed,
    contact_events.ContactChangeUndone: _change_undone,
    contact_events.ContactNoticeDue: _notice_due,
}


def _of_contact(happened: str, user_id: str, contact: Contact, person: Mapping[str, str], **more: str) -> Message:
    data = {"contact_id": contact.id, "kind": contact.kind.value, **more, "person": person}
    return _of_account(happened, user_id, data)


def _of_account(happened: str, user_id: str, data: Mapping[str, Any]) -> Message:
    return Message(f"identity.contact.{happened}.v1", f"account/{user_id}", {"user_id": user_id, **data})


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
