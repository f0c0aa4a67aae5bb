"""Identity's events of contacts that come to be others: the copy of them, and who is told (IDN-5)."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.notify.application.keep_contact import DropContact, KeepContacts, drop_contact, keep_contacts
from services.notify.application.ports import Ports, Store
from services.notify.application.tell_sealed import TellSealed, tell_sealed
from services.notify.domain.message import Sealed
from services.notify.domain.notices import Channel
from services.notify.domain.recipients import Contact
from services.notify.events.occasions import occasion_of

_NOTICE_DUE = "identity.contact.notice_due.v1"
_NOTICE = "contact_changed"
_KINDS = validate.OneOf(["email", "mobile"])


class RemovedSchema(ConsumedSchema):
    """A contact that is one no more."""

    user_id = fields.String(required=True)
    contact_id = fields.String(required=True)


class VerifiedSchema(ConsumedSchema):
    """A contact that is verified."""

    contact_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    value = fields.String(required=True)


class VerifiedContactsSchema(ConsumedSchema):
    """All of an account; none once it was forgotten."""

    contacts = fields.List(fields.Nested(VerifiedSchema), load_default=list)


class UndoneSchema(ConsumedSchema):
    """An account whose contacts are as they were."""

    user_id = fields.String(required=True)
    person = fields.Nested(VerifiedContactsSchema, required=True)


class MaskedSchema(ConsumedSchema):
    """A contact, masked."""

    hint = fields.String(required=True)


class NoticeDueSchema(ConsumedSchema):
    """Somebody who is to be told; `sealed` is None once that has gone out."""

    notice_id = fields.String(required=True)
    user_id = fields.String(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    standing = fields.String(required=True)
    turn = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    language = fields.String(required=True)
    site = fields.String(required=True)
    undo_hours = fields.Integer(required=True)
    person = fields.Nested(MaskedSchema, required=True)
    sealed = fields.String(load_default=None, allow_none=True)


def notice_place(notice_id: str) -> str:
    """The place that identity binds the seal of a contact's notice to."""
    return f"{_NOTICE_DUE}:{notice_id}"


def _removed(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    drop_contact(DropContact(event.data["user_id"], event.data["contact_id"]), work, ports)


def _undone(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    user_id = event.data["user_id"]
    contacts = tuple(Contact(user_id=user_id, **each) for each in event.data["person"]["contacts"])
    keep_contacts(KeepContacts(user_id, contacts), work, ports)


def _notice_due(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    if data["sealed"] is None:
        return  # it has gone out
    facts = {
        "standing": data["standing"],
        "turn": data["turn"],
        "kind": data["kind"],
        "contact": data["person"]["hint"],
        "hours": data["undo_hours"],
    }
    command = TellSealed(
        notice=_NOTICE,
        user_id=data["user_id"],
        channel=data["channel"],
        language=data["language"],
        site=data["site"],
        facts=facts,
        sealed=Sealed(data["sealed"], notice_place(data["notice_id"])),
        occasion=occasion_of(event),
    )
    tell_sealed(command, work, ports)


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("identity.contact.removed.v1", RemovedSchema, _removed),
    Subscription("identity.contact.change_undone.v1", UndoneSchema, _undone),
    Subscription(_NOTICE_DUE, NoticeDueSchema, _notice_due),
)
