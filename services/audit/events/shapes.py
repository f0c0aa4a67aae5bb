"""Audit's own copies of the events that the delegation history is made of (AUD-2)."""

from __future__ import annotations

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema


class PersonSchema(ConsumedSchema):
    """Whom it concerns."""

    first_name = fields.String(load_default=None, allow_none=True)
    middle_initial = fields.String(load_default=None, allow_none=True)
    last_name = fields.String(load_default=None, allow_none=True)
    email = fields.String(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)


class GrantSchema(ConsumedSchema):
    """What somebody may do."""

    level = fields.String(required=True)
    functions = fields.List(fields.String(), required=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True, format="iso")


class _ConcernsSomebodySchema(ConsumedSchema):
    user_id = fields.String(required=True)
    tin = fields.String(required=True)
    line = fields.String(required=True)
    person = fields.Nested(PersonSchema, load_default=dict)


class AccessSchema(_ConcernsSomebodySchema):
    """`entitlements.access.given`, `.changed`, `.removed` and `.ended`."""

    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    request_id = fields.String(load_default=None, allow_none=True)
    temporary_id = fields.String(load_default=None, allow_none=True)
    before = fields.Nested(GrantSchema, required=True, allow_none=True)
    after = fields.Nested(GrantSchema, required=True, allow_none=True)


class ReviewDecidedSchema(_ConcernsSomebodySchema):
    """`entitlements.review.decided`; what was removed comes as removed access, too."""

    outcome = fields.String(required=True)
    grant = fields.Nested(GrantSchema, required=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")


class AccountRemovedSchema(ConsumedSchema):
    """`identity.account.removed`."""

    user_id = fields.String(required=True)


class RequestOpenedSchema(_ConcernsSomebodySchema):
    """`entitlements.request.opened`."""

    request_id = fields.String(required=True)
    since = fields.AwareDateTime(required=True, format="iso")


class RequestDeclinedSchema(_ConcernsSomebodySchema):
    """`entitlements.request.declined`."""

    request_id = fields.String(required=True)
    decided_by = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True, format="iso")
    reason = fields.String(load_default=None, allow_none=True)


class RequestEndedSchema(_ConcernsSomebodySchema):
    """`entitlements.request.withdrawn` and `.expired`."""

    request_id = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")


class PreparedAccessSchema(GrantSchema):
    """What somebody is to have at a TIN and line."""

    tin = fields.String(required=True)
    line = fields.String(required=True)


class _InvitationSchema(ConsumedSchema):
    temporary_id = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    access = fields.List(fields.Nested(PreparedAccessSchema), required=True)
    person = fields.Nested(PersonSchema, load_default=dict)


class InvitationSchema(_InvitationSchema):
    """`registration.invitation.created` and whatever else becomes of it but its redemption."""

    by = fields.String(required=True)


class InvitationForgottenSchema(ConsumedSchema):
    """`registration.invitation.forgotten`."""

    temporary_id = fields.String(required=True)


class InvitationRedeemedSchema(_InvitationSchema):
    """`registration.invitation.redeemed`."""

    user_id = fields.String(required=True)
    registration_id = fields.String(required=True, allow_none=True)
