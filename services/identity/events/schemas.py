"""The public shape of identity's events (`events.md`); personal data stands in `person` alone."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.bus.schemas import PublishedSchema

_KINDS = validate.OneOf(["user", "support"])
_LANGUAGES = validate.OneOf(["en", "es"])
_CHANNELS = validate.OneOf(["email", "sms"])
_CONTACT_KINDS = validate.OneOf(["email", "mobile"])


class AddressSchema(PublishedSchema):
    """A business address."""

    line1 = fields.String(required=True)
    line2 = fields.String(required=True, allow_none=True)
    city = fields.String(required=True)
    state = fields.String(required=True)
    zip = fields.String(required=True)


class PersonSchema(PublishedSchema):
    """Who an account belongs to."""

    first_name = fields.String(required=True)
    middle_initial = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    extension = fields.String(required=True, allow_none=True)
    mobile = fields.String(required=True, allow_none=True)
    job_role = fields.String(required=True)
    address = fields.Nested(AddressSchema, required=True, allow_none=True)


class AccountCreatedSchema(PublishedSchema):
    """`account.created`."""

    user_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    registration_id = fields.String(required=True, allow_none=True)
    site = fields.String(required=True)
    language = fields.String(required=True, validate=_LANGUAGES)
    state = fields.String(required=True, validate=validate.OneOf(["unconfirmed", "active"]))
    person = fields.Nested(PersonSchema, required=True)


class AccountConfirmedSchema(PublishedSchema):
    """`account.confirmed`."""

    user_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    registration_id = fields.String(required=True, allow_none=True)
    site = fields.String(required=True)
    language = fields.String(required=True, validate=_LANGUAGES)
    confirmed_at = fields.AwareDateTime(required=True, format="iso")
    person = fields.Nested(PersonSchema, required=True)


class AccountRemovedSchema(PublishedSchema):
    """`account.removed`: everything personal about the account is to be forgotten."""

    user_id = fields.String(required=True)
    registration_id = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, validate=validate.OneOf(["lapsed", "inactivity", "request"]))
    removed_at = fields.AwareDateTime(required=True, format="iso")


class AccountFarewellDueSchema(PublishedSchema):
    """`account.farewell_due`: its owner is to be told that it is gone; `sealed` is a compact JWE for notify of
    `{to, first_name}`.
    """

    farewell_id = fields.String(required=True)
    user_id = fields.String(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(["inactivity", "request"]))
    language = fields.String(required=True)
    site = fields.String(required=True)
    sealed = fields.String(required=True)


class AccountDisableWarnedSchema(PublishedSchema):
    """`account.disable_warned`: unless somebody signs in, the account is disabled at `disable_at`."""

    user_id = fields.String(required=True)
    days = fields.Integer(required=True, strict=True)
    disable_at = fields.AwareDateTime(required=True, format="iso")


class AccountDisabledSchema(PublishedSchema):
    """`account.disabled`: nobody may sign in, until support reactivates it; `managers` are the user IDs of the access
    managers of where it has access.
    """

    user_id = fields.String(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(["inactivity"]))
    disabled_at = fields.AwareDateTime(required=True, format="iso")
    remove_at = fields.AwareDateTime(required=True, format="iso")
    managers = fields.List(fields.String(), required=True)


class AccountReactivatedSchema(PublishedSchema):
    """`account.reactivated`: its owner may sign in again, and verifies the address afresh; `by` is the agent."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    reactivated_at = fields.AwareDateTime(required=True, format="iso")


class AccountProfileChangedSchema(PublishedSchema):
    """`account.profile_changed`; `kind` tells, too, when somebody became a support agent."""

    user_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KINDS)
    language = fields.String(required=True, validate=_LANGUAGES)
    person = fields.Nested(PersonSchema, required=True)


class AccountLockedSchema(PublishedSchema):
    """`account.locked`; where an agent did it, `by` and `reason` tell, and `until` is the end of the year 9999."""

    user_id = fields.String(required=True)
    until = fields.AwareDateTime(required=True, format="iso")
    failures = fields.Integer(required=True, strict=True)
    by = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class AccountUnlockedSchema(PublishedSchema):
    """`account.unlocked`, by an agent."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)


class AccountSessionsEndedSchema(PublishedSchema):
    """`account.sessions_ended`, by an agent; each of them is told by its own `session.ended`, too."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    sessions = fields.Integer(required=True, strict=True)


class AccountErasureProposedSchema(PublishedSchema):
    """`account.erasure_proposed`: another agent may have it done until `expires_at`."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True, format="iso")


class AccountErasureApprovedSchema(PublishedSchema):
    """`account.erasure_approved`: `account.removed` follows."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    proposed_by = fields.String(required=True)


class ContactValueSchema(PublishedSchema):
    """The address or number of a contact."""

    value = fields.String(required=True)


class ContactVerifiedSchema(PublishedSchema):
    """`contact.verified`."""

    user_id = fields.String(required=True)
    contact_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_CONTACT_KINDS)
    person = fields.Nested(ContactValueSchema, required=True)


class CodeRequestedSchema(PublishedSchema):
    """`code.requested`; `sealed` is a compact JWE for notify of `{code, to, first_name}`."""

    code_id = fields.String(required=True)
    user_id = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True, validate=_CHANNELS)
    language = fields.String(required=True, validate=_LANGUAGES)
    site = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True, format="iso")
    sealed = fields.String(required=True)


class RiskSchema(PublishedSchema):
    """How unusual a sign-in was: the sum of its reasons' weights."""

    score = fields.Integer(required=True, strict=True)
    reasons = fields.List(fields.String(), required=True)


class SignInSucceededSchema(PublishedSchema):
    """`sign_in.succeeded`; `acr` tells whether a trusted device stood for the second step."""

    user_id = fields.String(required=True)
    session_id = fields.String(required=True)
    site = fields.String(required=True)
    acr = fields.String(required=True)
    amr = fields.List(fields.String(), required=True)
    client_id = fields.String(required=True)
    risk = fields.Nested(RiskSchema, required=True)


class SignInFailedSchema(PublishedSchema):
    """`sign_in.failed`; `reason` is `password`, `too_soon`, `code`, `step_up` (of somebody signed in), `passkey` (as
    the only step), or `recovery` (a proof of IDN-7 was wrong).
    """

    user_id = fields.String(required=True)
    reason = fields.String(required=True)
    failures = fields.Integer(required=True, strict=True)


class SignInSteppedUpSchema(PublishedSchema):
    """`sign_in.stepped_up`; `acr` and `amr` are the session's from now on."""

    user_id = fields.String(required=True)
    session_id = fields.String(required=True)
    site = fields.String(required=True)
    acr = fields.String(required=True)
    amr = fields.List(fields.String(), required=True)


class DeviceSeenSchema(PublishedSchema):
    """`device.seen`: the first sign-in by a kind of browser on a kind of machine."""

    user_id = fields.String(required=True)
    browser = fields.String(required=True)
    platform = fields.String(required=True)
    country = fields.String(required=True, allow_none=True)
    site = fields.String(required=True)


class DeviceTrustedSchema(PublishedSchema):
    """`device.trusted`."""

    user_id = fields.String(required=True)
    device_id = fields.String(required=True)
    browser = fields.String(required=True)
    platform = fields.String(required=True)
    site = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True, format="iso")


class DeviceRevokedSchema(PublishedSchema):
    """`device.revoked`."""

    user_id = fields.String(required=True)
    device_id = fields.String(required=True)
    reason = fields.String(required=True)


class AuthenticatorSchema(PublishedSchema):
    """`authenticator.added`, `.renamed`, `.removed` and `.suspended`; its name, which may say anything, is not told.

    `kind` is `totp` or `passkey`. A passkey is suspended when another one signs with the same key.
    """

    user_id = fields.String(required=True)
    authenticator_id = fields.String(required=True)
    kind = fields.String(required=True)


class RecoveryCodesSchema(PublishedSchema):
    """`recovery_codes.made` and `.removed`."""

    user_id = fields.String(required=True)


class SessionEndedSchema(PublishedSchema):
    """`session.ended`."""

    session_id = fields.String(required=True)
    user_id = fields.String(required=True)
    reason = fields.String(required=True)
    remember_until = fields.AwareDateTime(required=True, format="iso")


class PasswordRecoveredSchema(PublishedSchema):
    """`password.recovered`; `site` is where it was recovered."""

    user_id = fields.String(required=True)
    site = fields.String(required=True)


class PasswordChangedSchema(PublishedSchema):
    """`password.changed`; `site` is where it was changed."""

    user_id = fields.String(required=True)
    site = fields.String(required=True)


class PasswordResetByManagerSchema(PublishedSchema):
    """`password.reset_by_manager`; `by` is the manager's user ID, `expires_at` the temporary password's end."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)
    site = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True, format="iso")


class SecurityQuestionsSchema(PublishedSchema):
    """`security_questions.changed`; which they are is not told."""

    user_id = fields.String(required=True)


class UserIdRemindedSchema(PublishedSchema):
    """`user_id.reminded`; `sealed` is a compact JWE for notify of `{to, first_name}`."""

    reminder_id = fields.String(required=True)
    user_id = fields.String(required=True)
    language = fields.String(required=True, validate=_LANGUAGES)
    site = fields.String(required=True)
    sealed = fields.String(required=True)


class RefreshTokenReusedSchema(PublishedSchema):
    """`refresh_token.reused`."""

    user_id = fields.String(required=True)
    session_id = fields.String(required=True)


class SigningKeyRotatedSchema(PublishedSchema):
    """`signing_key.rotated`; `public_key` is a JWK (RFC 7517)."""

    kid = fields.String(required=True)
    algorithm = fields.String(required=True)
    public_key = fields.Dict(keys=fields.String(), required=True)
    not_before = fields.AwareDateTime(required=True, format="iso")
    expires_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
