"""The public shape of what happens to contacts (`events.md`); addresses and numbers stand in `person` alone."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.bus.schemas import PublishedSchema

_KINDS = validate.OneOf(["email", "mobile"])
_CHANNELS = validate.OneOf(["email", "sms"])
_LANGUAGES = validate.OneOf(["en", "es"])
_STANDINGS = validate.OneOf(["former", "new"])
_TURNS = validate.OneOf(["added", "changed", "removed", "undone"])


class ValueSchema(PublishedSchema):
    """The address or number of a contact."""

    value = fields.String(required=True)


class ChangedValueSchema(PublishedSchema):
    """What it is, and what it was."""

    value = fields.String(required=True)
    former = fields.String(required=True)


class ContactSchema(PublishedSchema):
    """`contact.added`, which works once `contact.verified`, and `contact.removed`."""

    user_id = fields.String(required=True)
    contact_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    person = fields.Nested(ValueSchema, required=True)


class ContactChangedSchema(PublishedSchema):
    """`contact.changed`: the new value was verified, `contact.verified` tells so, too."""

    user_id = fields.String(required=True)
    contact_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    undo_until = fields.AwareDateTime(required=True, format="iso")
    person = fields.Nested(ChangedValueSchema, required=True)


class VerifiedContactSchema(PublishedSchema):
    """A contact that is verified."""

    contact_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    value = fields.String(required=True)


class VerifiedContactsSchema(PublishedSchema):
    """All contacts of an account that are verified."""

    contacts = fields.List(fields.Nested(VerifiedContactSchema), required=True)


class ContactChangeUndoneSchema(PublishedSchema):
    """`contact.change_undone`: these are the verified contacts from now on, and no others."""

    user_id = fields.String(required=True)
    undone_at = fields.AwareDateTime(required=True, format="iso")
    person = fields.Nested(VerifiedContactsSchema, required=True)


class MaskedSchema(PublishedSchema):
    """A contact, masked."""

    hint = fields.String(required=True)


class ContactNoticeDueSchema(PublishedSchema):
    """`contact.notice_due`: one of those where an account was reached before (`former`), or is reached now alone
    (`new`), is to be told what became of a contact; `sealed` is a compact JWE for notify of `{to, first_name, code?}`,
    whose code undoes it within `undo_hours`.
    """

    notice_id = fields.String(required=True)
    user_id = fields.String(required=True)
    channel = fields.String(required=True, validate=_CHANNELS)
    standing = fields.String(required=True, validate=_STANDINGS)
    turn = fields.String(required=True, validate=_TURNS)
    kind = fields.String(required=True, validate=_KINDS)
    language = fields.String(required=True, validate=_LANGUAGES)
    site = fields.String(required=True)
    undo_hours = fields.Integer(required=True, strict=True)
    person = fields.Nested(MaskedSchema, required=True)
    sealed = fields.String(required=True)
