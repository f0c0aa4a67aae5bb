"""`me/contacts`, and `contacts/undo` for whoever was reached before (IDN-5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from chassis.web.access import public, signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, part_of
from chassis.web.rates import limited_by_address
from chassis.web.schemas import RequestSchema, ResponseSchema, list_of
from services.identity.api.accounts import CodeSchema, SentSchema
from services.identity.api.context import context
from services.identity.api.typed import refuses, secret, typed
from services.identity.application.code_desk import Sent
from services.identity.application.own_contacts import (
    AddContact,
    ChangeContact,
    add_contact,
    change_contact,
    contacts_of,
)
from services.identity.application.remove_contact import RemoveContact, remove_contact
from services.identity.application.undo_contact_change import UndoContactChange, undo_contact_change
from services.identity.application.verify_contact import (
    SendContactCode,
    VerifyContact,
    send_contact_code,
    verify_contact,
)
from services.identity.domain.contacts import Contact, ContactKind

blueprint = Blueprint(
    "contacts",
    __name__,
    url_prefix="/me/contacts",
    description="E-mail addresses and mobile numbers. Changing them needs a second step not older than five minutes.",
)
public_blueprint = Blueprint(
    "contact-changes", __name__, url_prefix="/contacts", description="Undoing a change of somebody's contacts."
)


class NewContactSchema(RequestSchema):
    """What is to be added."""

    kind = fields.Enum(ContactKind, by_value=True, required=True)
    value = typed("The address, or the number with its area code.", longest=320)


class ContactValueSchema(RequestSchema):
    """What a contact is to be from now on; it stays an address, or a number."""

    kind = fields.Enum(ContactKind, by_value=True, load_default=None)
    value = typed("The address, or the number with its area code.", longest=320)


class UndoSchema(RequestSchema):
    """What was sent to a contact of the account before the change."""

    token = secret("The token of the message.", longest=200)


class OwnContactSchema(ResponseSchema):
    """A contact, shown to its owner alone."""

    id = fields.String(required=True)
    kind = fields.Enum(ContactKind, by_value=True, required=True)
    value = fields.String(required=True, metadata={"description": "As it works now; a number as E.164."})
    hint = fields.String(required=True, metadata={"description": "The same, masked."})
    verified = fields.Function(
        lambda contact: contact.verified_at is not None,
        metadata={"type": "boolean", "description": "Whether codes and messages go there."},
    )
    pending = fields.String(
        required=True, allow_none=True, metadata={"description": "What it becomes once that is verified."}
    )


class SeenContactSchema(ResponseSchema):
    """A contact with whether texts go there."""

    id = fields.String(required=True, attribute="contact.id")
    kind = fields.Enum(ContactKind, by_value=True, required=True, attribute="contact.kind")
    value = fields.String(required=True, attribute="contact.value")
    hint = fields.String(required=True, attribute="contact.hint")
    verified = fields.Function(
        lambda seen: seen.contact.verified_at is not None,
        metadata={"type": "boolean", "description": "Whether codes and messages go there."},
    )
    pending = fields.String(required=True, allow_none=True, attribute="contact.pending")
    opted_out = fields.Boolean(
        required=True, metadata={"description": "Whether it is a number that takes no texts: its owner texted STOP."}
    )
    short_code = fields.String(
        required=True, allow_none=True, metadata={"description": "What START is to be texted to then, where known."}
    )


@blueprint.route("", methods=["GET"])
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(SeenContactSchema))
def get_contacts(query: dict[str, Any]) -> dict[str, Any]:
    """One's contacts, oldest first."""
    found = contacts_of(context.caller.user_id, context.work, context.ports)
    return part_of(found, query, lambda item: (round(item.contact.created_at.timestamp() * 1_000_000), item.contact.id))


@blueprint.route("", methods=["POST"])
@signed_in
@refuses(403, 409)
@blueprint.arguments(NewContactSchema)
@blueprint.response(201, OwnContactSchema)
def add(body: dict[str, Any]) -> Contact:
    """Add one; nothing goes there before a code to it came back."""
    caller = context.caller
    command = AddContact(caller.user_id, caller.session_id, body["kind"], body["value"])
    return add_contact(command, context.work, context.ports)


@blueprint.route("/<uuid:contact>", methods=["PUT"])
@signed_in
@refuses(403, 404, 409)
@blueprint.arguments(ContactValueSchema)
@blueprint.response(200, OwnContactSchema)
def change(body: dict[str, Any], contact: UUID) -> Contact:
    """Enter what it is to be. A verified one stays as it is until a code to the new one came back; the value that it
    has gives the change up.
    """
    caller = context.caller
    command = ChangeContact(caller.user_id, caller.session_id, str(contact), body["value"], body["kind"])
    return change_contact(command, context.work, context.ports)


@blueprint.route("/<uuid:contact>", methods=["DELETE"])
@signed_in
@refuses(403, 404, 409)
@blueprint.response(204)
def remove(contact: UUID) -> None:
    """Remove it; the only verified e-mail address stays."""
    caller = context.caller
    command = RemoveContact(caller.user_id, caller.session_id, context.site, str(contact))
    remove_contact(command, context.work, context.ports)


@blueprint.route("/<uuid:contact>/send", methods=["POST"])
@signed_in
@refuses(403, 404, 409, 429)
@blueprint.response(202, SentSchema)
def send(contact: UUID) -> Sent:
    """Send a code to what is to be verified: by e-mail, or as a text message."""
    caller = context.caller
    command = SendContactCode(caller.user_id, caller.session_id, context.site, str(contact))
    return send_contact_code(command, context.work, context.ports)


@blueprint.route("/<uuid:contact>/verify", methods=["POST"])
@signed_in
@refuses(403, 404, 409, 429)
@blueprint.arguments(CodeSchema)
@blueprint.response(200, OwnContactSchema)
def verify(body: dict[str, Any], contact: UUID) -> Contact:
    """Give the code. It works from now on, and all contacts of the account are told; those before can undo it."""
    caller = context.caller
    command = VerifyContact(caller.user_id, caller.session_id, context.site, str(contact), body["code"])
    return verify_contact(command, context.work, context.ports)


@public_blueprint.route("/undo", methods=["POST"])
@public
@limited_by_address("contacts_undo", times=30)
@refuses(429)
@public_blueprint.arguments(UndoSchema)
@public_blueprint.response(204)
def undo(body: dict[str, Any]) -> None:
    """Undo a change, and all that were made since, by the token of the message that told of it. Everybody who is
    logged in with the account is logged out, and second steps that were added since are gone.
    """
    undo_contact_change(UndoContactChange(body["token"], context.site), context.work, context.ports)
