"""A lost mailbox's way to a new one in its public form (IDN-17): shapes, and how facts are told in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from chassis.bus.schemas import PublishedSchema
from chassis.kernel.messages import Event, Message
from services.identity.domain import vouching_events as events
from services.identity.events.messages import moment, of_account
from services.identity.events.schemas import ContactValueSchema


class ContactVouchedSchema(PublishedSchema):
    """`contact.vouched`: `by` is the manager; support may confirm it until `expires_at`."""

    user_id = fields.String(required=True)
    vouching_id = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True, format="iso")
    person = fields.Nested(ContactValueSchema, required=True)


class VouchingConfirmedSchema(PublishedSchema):
    """`contact.vouching_confirmed`: `by` is the agent; the address works from `works_at`, if it is verified by then."""

    user_id = fields.String(required=True)
    vouching_id = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    vouched_by = fields.String(required=True)
    works_at = fields.AwareDateTime(required=True, format="iso")


class VouchingSchema(PublishedSchema):
    """`contact.vouching_verified` and `.vouching_expired`."""

    user_id = fields.String(required=True)
    vouching_id = fields.String(required=True)


class VouchingRejectedSchema(PublishedSchema):
    """`contact.vouching_rejected`, by an agent."""

    user_id = fields.String(required=True)
    vouching_id = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)


class VouchingStoppedSchema(PublishedSchema):
    """`contact.vouching_stopped`: by whoever is reached at `contact_id`; null: the owner has changed contacts."""

    user_id = fields.String(required=True)
    vouching_id = fields.String(required=True)
    contact_id = fields.String(required=True, allow_none=True)


class ContactsReplacedSchema(PublishedSchema):
    """`contact.replaced`: this contact, verified, is the only one that the account has from now on."""

    user_id = fields.String(required=True)
    vouching_id = fields.String(required=True)
    contact_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["email"]))
    person = fields.Nested(ContactValueSchema, required=True)


class VouchingWordDueSchema(PublishedSchema):
    """`contact.vouching_word_due`: one contact is to be told; `sealed` is a compact JWE for notify of `{to, first_name,
    code?}`, where `code` is the token that stops it. `by` is the manager who vouched.
    """

    word_id = fields.String(required=True)
    user_id = fields.String(required=True)
    word = fields.String(required=True, validate=validate.OneOf([each.value for each in events.Word]))
    kind = fields.String(required=True, validate=validate.OneOf(["email", "mobile"]))
    by = fields.String(required=True)
    works_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    language = fields.String(required=True, validate=validate.OneOf(["en", "es"]))
    site = fields.String(required=True)
    sealed = fields.String(required=True)


SCHEMAS: Mapping[str, type[Schema]] = {
    "identity.contact.vouched.v1": ContactVouchedSchema,
    "identity.contact.vouching_confirmed.v1": VouchingConfirmedSchema,
    "identity.contact.vouching_verified.v1": VouchingSchema,
    "identity.contact.vouching_rejected.v1": VouchingRejectedSchema,
    "identity.contact.vouching_stopped.v1": VouchingStoppedSchema,
    "identity.contact.vouching_expired.v1": VouchingSchema,
    "identity.contact.replaced.v1": ContactsReplacedSchema,
    "identity.contact.vouching_word_due.v1": VouchingWordDueSchema,
}


def _vouched(event: events.ContactVouched) -> Message:
    vouching = event.vouching
    data = {
        "vouching_id": vouching.id,
        "by": vouching.vouched_by,
        "reason": vouching.reason,
        "expires_at": moment(vouching.expires_at),
        "person": {"value": vouching.email},
    }
    return of_account("contact.vouched", vouching.user_id, data)


def _confirmed(event: events.VouchingConfirmed) -> Message:
    vouching = event.vouching
    data = {
        "vouching_id": vouching.id,
        "by": vouching.confirmed_by,
        "reason": event.reason,
        "vouched_by": vouching.vouched_by,
        "works_at": moment(vouching.works_at) if vouching.works_at else None,
    }
    return of_account("contact.vouching_confirmed", vouching.user_id, data)


def _verified(event: events.VouchingVerified) -> Message:
    return of_account("contact.vouching_verified", event.vouching.user_id, {"vouching_id": event.vouching.id})


def _rejected(event: events.VouchingRejected) -> Message:
    data = {"vouching_id": event.vouching.id, "by": event.by, "reason": event.reason}
    return of_account("contact.vouching_rejected", event.vouching.user_id, data)


def _stopped(event: events.VouchingStopped) -> Message:
    data = {"vouching_id": event.vouching.id, "contact_id": event.contact_id}
    return of_account("contact.vouching_stopped", event.vouching.user_id, data)


def _expired(event: events.VouchingExpired) -> Message:
    return of_account("contact.vouching_expired", event.vouching.user_id, {"vouching_id": event.vouching.id})


def _replaced(event: events.ContactsReplaced) -> Message:
    data = {
        "vouching_id": event.vouching.id,
        "contact_id": event.contact.id,
        "kind": event.contact.kind.value,
        "person": {"value": event.contact.value},
    }
    return of_account("contact.replaced", event.vouching.user_id, data)


def _word_due(event: events.VouchingWordDue) -> Message:
    data = {
        "word_id": event.id,
        "word": event.word.value,
        "kind": event.kind.value,
        "by": event.by,
        "works_at": moment(event.works_at) if event.works_at else None,
        "language": event.language,
        "site": event.site,
        "sealed": event.sealed,
    }
    return of_account("contact.vouching_word_due", event.user_id, data)


FORMS: Mapping[type[Event], Callable[[Any], Message]] = {
    events.ContactVouched: _vouched,
    events.VouchingConfirmed: _confirmed,
    events.VouchingVerified: _verified,
    events.VouchingRejected: _rejected,
    events.VouchingStopped: _stopped,
    events.VouchingExpired: _expired,
    events.ContactsReplaced: _replaced,
    events.VouchingWordDue: _word_due,
}
