"""The shapes of what registration publishes: its promise to every consumer (`events.md`)."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.bus.schemas import PublishedSchema
from services.registration.domain.lines import Line


def _line() -> fields.String:
    return fields.String(required=True, validate=validate.OneOf([line.value for line in Line]))


def _lines() -> fields.List[str]:
    return fields.List(_line(), required=True)


def _text(*, may_be_null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=may_be_null)


def _tin() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(r"^[0-9]{9}$"))


class PracticeSchema(PublishedSchema):
    """A practice as the directory has it now; of two, the one with the higher version holds."""

    tin = _tin()
    name = _text()
    lines = _lines()
    version = fields.Integer(required=True)


class DirectoryChangedSchema(PublishedSchema):
    """Practices that are new or changed."""

    batch = fields.UUID(required=True)
    practices = fields.List(fields.Nested(PracticeSchema), required=True, validate=validate.Length(1, 1000))


class PracticeLinesChangedSchema(PublishedSchema):
    """A practice's lines of business, before and after."""

    tin = _tin()
    name = _text()
    version = fields.Integer(required=True)
    before = _lines()
    after = _lines()
    gained = _lines()
    lost = _lines()


class AddressSchema(PublishedSchema):
    """Where mail goes."""

    line1 = _text()
    line2 = _text(may_be_null=True)
    city = _text()
    state = _text()
    zip = _text()


class NomineeSchema(PublishedSchema):
    """Whom the applicant would like to see as manager."""

    tin = _tin()
    line = _line()
    first_name = _text()
    last_name = _text()
    email = _text()


class ApplicantSchema(PublishedSchema):
    """Everything personal in a registration, and so what erasure takes away."""

    first_name = _text()
    middle_initial = _text(may_be_null=True)
    last_name = _text()
    email = _text()
    phone = _text(may_be_null=True)
    extension = _text(may_be_null=True)
    mobile = _text(may_be_null=True)
    job_role = _text()
    address = fields.Nested(AddressSchema, required=True, allow_none=True)
    nominees = fields.List(fields.Nested(NomineeSchema), required=True)


class SubmittedRequestSchema(PublishedSchema):
    """A wish for access to one TIN on one line."""

    request_id = fields.UUID(required=True)
    tin = _tin()
    line = _line()
    practice = _text(may_be_null=True)
    associated = fields.Boolean(required=True)
    nominate = fields.String(required=True, allow_none=True, validate=validate.OneOf(["self", "other"]))


class RegistrationSubmittedSchema(PublishedSchema):
    """A registration; its account is reserved at identity. `temporary_id` is what it was made with, if with any."""

    registration_id = fields.UUID(required=True)
    user_id = _text()
    site = _text()
    language = _text()
    practice_type = _lines()
    no_tin = fields.Boolean(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    requests = fields.List(fields.Nested(SubmittedRequestSchema), required=True)
    temporary_id = _text(may_be_null=True)
    person = fields.Nested(ApplicantSchema, required=True)


class RegistrationLapsedSchema(PublishedSchema):
    """A registration was not confirmed in time; an account that was confirmed after all lives on."""

    registration_id = fields.UUID(required=True)
    user_id = _text()
    submitted_at = fields.AwareDateTime(required=True)
    lapsed_at = fields.AwareDateTime(required=True)


class InviteeSchema(PublishedSchema):
    """Whom the manager described."""

    first_name = _text()
    middle_initial = _text(may_be_null=True)
    last_name = _text()
    email = _text()
    phone = _text(may_be_null=True)
    extension = _text(may_be_null=True)


class PreparedAccessSchema(PublishedSchema):
    """What is prepared at a TIN and line; `practice` is null for a TIN that the directory does not have."""

    tin = _tin()
    line = _line()
    practice = _text(may_be_null=True)
    level = _text()
    functions = fields.List(fields.String(), required=True)
    until = fields.AwareDateTime(required=True, allow_none=True)


class _InvitationSchema(PublishedSchema):
    invitation_id = fields.UUID(required=True)
    temporary_id = _text()
    invited_by = _text()
    expires_at = fields.AwareDateTime(required=True)
    access = fields.List(fields.Nested(PreparedAccessSchema), required=True)
    at = fields.AwareDateTime(required=True)
    person = fields.Nested(InviteeSchema, required=True)


class InvitationTurnedSchema(_InvitationSchema):
    """An invitation as it is now; `by` is a user ID or `system:<part>`, `invited_by` vouches for the access."""

    by = _text()


class InvitationChangedSchema(InvitationTurnedSchema):
    """Another person or other access; `replaces` is a temporary ID that opens nothing any more."""

    replaces = _text(may_be_null=True)


class ForgottenInviteeSchema(PublishedSchema):
    """By what the person was written to."""

    email = _text()


class InvitationForgottenSchema(PublishedSchema):
    """Nobody redeemed it: whoever keeps something of the person is to drop it, this address, too."""

    invitation_id = fields.UUID(required=True)
    temporary_id = _text()
    at = fields.AwareDateTime(required=True)
    person = fields.Nested(ForgottenInviteeSchema, required=True)


class InvitationRedeemedSchema(_InvitationSchema):
    """An account has redeemed it; what is given for it is entitlements' to decide."""

    user_id = _text()
    registration_id = fields.UUID(required=True, allow_none=True)


class ImportFinishedSchema(PublishedSchema):
    """A file of people was carried out: all of them are invited (`done`), or none, since somebody may not give what it
    says any more (`failed`).
    """

    import_id = fields.UUID(required=True)
    uploaded_by = _text()
    outcome = fields.String(required=True, validate=validate.OneOf(["done", "failed"]))
    rows = fields.Integer(required=True)
    people = fields.Integer(required=True)
    wrong = fields.Integer(required=True)
    finished_at = fields.AwareDateTime(required=True)
