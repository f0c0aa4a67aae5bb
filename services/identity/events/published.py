"""Identity's facts in their public form (`events.md`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from marshmallow import Schema

from chassis.kernel.messages import Event, Message
from services.identity.domain import events
from services.identity.domain.accounts import Account
from services.identity.domain.authenticators import Authenticator
from services.identity.domain.passkeys import Passkey
from services.identity.events import published_contacts, schemas, vouching
from services.identity.events.messages import moment as _moment
from services.identity.events.messages import of_account as _of_account

SOURCE = "identity"

SCHEMAS: Mapping[str, type[Schema]] = {
    "identity.account.created.v1": schemas.AccountCreatedSchema,
    "identity.account.confirmed.v1": schemas.AccountConfirmedSchema,
    "identity.account.removed.v1": schemas.AccountRemovedSchema,
    "identity.account.farewell_due.v1": schemas.AccountFarewellDueSchema,
    "identity.account.disable_warned.v1": schemas.AccountDisableWarnedSchema,
    "identity.account.disabled.v1": schemas.AccountDisabledSchema,
    "identity.account.reactivated.v1": schemas.AccountReactivatedSchema,
    "identity.account.profile_changed.v1": schemas.AccountProfileChangedSchema,
    "identity.account.locked.v1": schemas.AccountLockedSchema,
    "identity.account.unlocked.v1": schemas.AccountUnlockedSchema,
    "identity.account.sessions_ended.v1": schemas.AccountSessionsEndedSchema,
    "identity.account.erasure_proposed.v1": schemas.AccountErasureProposedSchema,
    "identity.account.erasure_approved.v1": schemas.AccountErasureApprovedSchema,
    "identity.contact.verified.v1": schemas.ContactVerifiedSchema,
    "identity.code.requested.v1": schemas.CodeRequestedSchema,
    "identity.sign_in.succeeded.v1": schemas.SignInSucceededSchema,
    "identity.sign_in.failed.v1": schemas.SignInFailedSchema,
    "identity.sign_in.stepped_up.v1": schemas.SignInSteppedUpSchema,
    "identity.device.seen.v1": schemas.DeviceSeenSchema,
    "identity.device.trusted.v1": schemas.DeviceTrustedSchema,
    "identity.device.revoked.v1": schemas.DeviceRevokedSchema,
    "identity.authenticator.added.v1": schemas.AuthenticatorSchema,
    "identity.authenticator.renamed.v1": schemas.AuthenticatorSchema,
    "identity.authenticator.removed.v1": schemas.AuthenticatorSchema,
    "identity.authenticator.suspended.v1": schemas.AuthenticatorSchema,
    "identity.recovery_codes.made.v1": schemas.RecoveryCodesSchema,
    "identity.recovery_codes.removed.v1": schemas.RecoveryCodesSchema,
    "identity.session.ended.v1": schemas.SessionEndedSchema,
    "identity.password.changed.v1": schemas.PasswordChangedSchema,
    "identity.password.recovered.v1": schemas.PasswordRecoveredSchema,
    "identity.password.reset_by_manager.v1": schemas.PasswordResetByManagerSchema,
    "identity.security_questions.changed.v1": schemas.SecurityQuestionsSchema,
    "identity.user_id.reminded.v1": schemas.UserIdRemindedSchema,
    "identity.refresh_token.reused.v1": schemas.RefreshTokenReusedSchema,
    "identity.signing_key.rotated.v1": schemas.SigningKeyRotatedSchema,
    **published_contacts.SCHEMAS,
    **vouching.SCHEMAS,
}
"""What this service publishes, with the shape of its data."""


def publish(event: Event) -> Message:
    """The public form of a fact; raises `LookupError` for one that has none."""
    return _FORMS[type(event)](event)


def _account_created(event: events.AccountCreated) -> Message:
    account = event.account
    return _of_account("account.created", account.user_id, {**_standing(account), "state": account.state.value})


def _account_confirmed(event: events.AccountConfirmed) -> Message:
    account = event.account
    data = {**_standing(account), "confirmed_at": _moment(event.confirmed_at)}
    return _of_account("account.confirmed", account.user_id, data)


def _account_removed(event: events.AccountRemoved) -> Message:
    data = {
        "registration_id": event.registration_id,
        "reason": event.reason.value,
        "removed_at": _moment(event.at),
    }
    return _of_account("account.removed", event.user_id, data)


def _farewell_due(event: events.FarewellDue) -> Message:
    data = {
        "farewell_id": event.id,
        "reason": event.reason.value,
        "language": event.language,
        "site": event.site,
        "sealed": event.sealed,
    }
    return _of_account("account.farewell_due", event.user_id, data)


def _account_disable_warned(event: events.AccountDisableWarned) -> Message:
    data = {"days": event.days, "disable_at": _moment(event.disable_at)}
    return _of_account("account.disable_warned", event.user_id, data)


def _account_disabled(event: events.AccountDisabled) -> Message:
    data = {
        "reason": "inactivity",
        "disabled_at": _moment(event.at),
        "remove_at": _moment(event.remove_at),
        "managers": list(event.managers),
    }
    return _of_account("account.disabled", event.user_id, data)


def _account_reactivated(event: events.AccountReactivated) -> Message:
    data = {"by": event.by, "reason": event.reason, "reactivated_at": _moment(event.at)}
    return _of_account("account.reactivated", event.user_id, data)


def _account_profile_changed(event: events.AccountProfileChanged) -> Message:
    account = event.account
    data = {"kind": account.kind.value, "language": account.profile.language, "person": _person(account)}
    return _of_account("account.profile_changed", account.user_id, data)


def _account_locked(event: events.AccountLocked) -> Message:
    data = {"until": _moment(event.until), "failures": event.failures, "by": event.by, "reason": event.reason}
    return _of_account("account.locked", event.user_id, data)


def _account_unlocked(event: events.AccountUnlocked) -> Message:
    return _of_account("account.unlocked", event.user_id, {"by": event.by, "reason": event.reason})


def _account_sessions_ended(event: events.AccountSessionsEnded) -> Message:
    data = {"by": event.by, "reason": event.reason, "sessions": event.sessions}
    return _of_account("account.sessions_ended", event.user_id, data)


def _account_erasure_proposed(event: events.AccountErasureProposed) -> Message:
    data = {"by": event.by, "reason": event.reason, "expires_at": _moment(event.expires_at)}
    return _of_account("account.erasure_proposed", event.user_id, data)


def _account_erasure_approved(event: events.AccountErasureApproved) -> Message:
    data = {"by": event.by, "reason": event.reason, "proposed_by": event.proposed_by}
    return _of_account("account.erasure_approved", event.user_id, data)


def _contact_verified(event: events.ContactVerified) -> Message:
    data = {"contact_id": event.contact_id, "kind": event.kind.value, "person": {"value": event.value}}
    return _of_account("contact.verified", event.user_id, data)


def _code_requested(event: events.CodeRequested) -> Message:
    data = {
        "code_id": event.code_id,
        "purpose": event.purpose.value,
        "channel": event.channel.value,
        "language": event.language,
        "site": event.site,
        "expires_at": _moment(event.expires_at),
        "sealed": event.sealed,
    }
    return _of_account("code.requested", event.user_id, data)


def _sign_in_succeeded(event: events.SignInSucceeded) -> Message:
    session = event.session
    data = {
        "session_id": session.id,
        "site": session.site,
        "acr": session.strength.acr,
        "amr": list(session.strength.amr),
        "client_id": event.client_id,
        "risk": {"score": event.risk.score, "reasons": [each.value for each in event.risk.reasons]},
    }
    return _of_account("sign_in.succeeded", session.user_id, data)


def _sign_in_failed(event: events.SignInFailed) -> Message:
    return _of_account("sign_in.failed", event.user_id, {"reason": event.reason, "failures": event.failures})


def _sign_in_stepped_up(event: events.SignInSteppedUp) -> Message:
    session = event.session
    data = {
        "session_id": session.id,
        "site": session.site,
        "acr": session.strength.acr,
        "amr": list(session.strength.amr),
    }
    return _of_account("sign_in.stepped_up", session.user_id, data)


def _device_seen(event: events.DeviceSeen) -> Message:
    data = {"browser": event.browser.name, "platform": event.browser.platform, "country": event.country}
    return _of_account("device.seen", event.user_id, {**data, "site": event.site})


def _device_trusted(event: events.DeviceTrusted) -> Message:
    device = event.device
    data = {
        "device_id": device.id,
        "browser": device.browser.name,
        "platform": device.browser.platform,
        "site": event.site,
        "expires_at": _moment(device.expires_at),
    }
    return _of_account("device.trusted", device.user_id, data)


def _device_revoked(event: events.DeviceRevoked) -> Message:
    data = {"device_id": event.device_id, "reason": event.reason.value}
    return _of_account("device.revoked", event.user_id, data)


def _authenticator(happened: str, authenticator: Authenticator | Passkey) -> Message:
    data = {"authenticator_id": authenticator.id, "kind": authenticator.kind.value}
    return _of_account(f"authenticator.{happened}", authenticator.user_id, data)


def _authenticator_added(event: events.AuthenticatorAdded) -> Message:
    return _authenticator("added", event.authenticator)


def _authenticator_renamed(event: events.AuthenticatorRenamed) -> Message:
    return _authenticator("renamed", event.authenticator)


def _authenticator_removed(event: events.AuthenticatorRemoved) -> Message:
    return _authenticator("removed", event.authenticator)


def _authenticator_suspended(event: events.AuthenticatorSuspended) -> Message:
    return _authenticator("suspended", event.authenticator)


def _recovery_codes_made(event: events.RecoveryCodesMade) -> Message:
    return _of_account("recovery_codes.made", event.user_id, {})


def _recovery_codes_removed(event: events.RecoveryCodesRemoved) -> Message:
    return _of_account("recovery_codes.removed", event.user_id, {})


def _session_ended(event: events.SessionEnded) -> Message:
    data = {
        "session_id": event.session_id,
        "reason": event.reason.value,
        "remember_until": _moment(event.remember_until),
    }
    return _of_account("session.ended", event.user_id, data)


def _password_recovered(event: events.PasswordRecovered) -> Message:
    return _of_account("password.recovered", event.user_id, {"site": event.site})


def _password_changed(event: events.PasswordChanged) -> Message:
    return _of_account("password.changed", event.user_id, {"site": event.site})


def _password_reset_by_manager(event: events.PasswordResetByManager) -> Message:
    data = {"by": event.by, "site": event.site, "expires_at": _moment(event.expires_at)}
    return _of_account("password.reset_by_manager", event.user_id, data)


def _security_questions_changed(event: events.SecurityQuestionsChanged) -> Message:
    return _of_account("security_questions.changed", event.user_id, {})


def _user_id_reminded(event: events.UserIdReminded) -> Message:
    data = {
        "reminder_id": event.reminder_id,
        "language": event.language,
        "site": event.site,
        "sealed": event.sealed,
    }
    return _of_account("user_id.reminded", event.user_id, data)


def _refresh_token_reused(event: events.RefreshTokenReused) -> Message:
    return _of_account("refresh_token.reused", event.user_id, {"session_id": event.session_id})


def _signing_key_rotated(event: events.SigningKeyRotated) -> Message:
    data = {
        "kid": event.kid,
        "algorithm": event.algorithm,
        "public_key": dict(event.public_key),
        "not_before": _moment(event.not_before),
        "expires_at": _moment(event.expires_at) if event.expires_at else None,
    }
    return Message("identity.signing_key.rotated.v1", f"signing_key/{event.kid}", data)


_FORMS: Mapping[type[Event], Callable[[Any], Message]] = {
    events.AccountCreated: _account_created,
    events.AccountConfirmed: _account_confirmed,
    events.AccountRemoved: _account_removed,
    events.FarewellDue: _farewell_due,
    events.AccountDisableWarned: _account_disable_warned,
    events.AccountDisabled: _account_disabled,
    events.AccountReactivated: _account_reactivated,
    events.AccountProfileChanged: _account_profile_changed,
    events.AccountLocked: _account_locked,
    events.AccountUnlocked: _account_unlocked,
    events.AccountSessionsEnded: _account_sessions_ended,
    events.AccountErasureProposed: _account_erasure_proposed,
    events.AccountErasureApproved: _account_erasure_approved,
    events.ContactVerified: _contact_verified,
    events.CodeRequested: _code_requested,
    events.SignInSucceeded: _sign_in_succeeded,
    events.SignInFailed: _sign_in_failed,
    events.SignInSteppedUp: _sign_in_stepped_up,
    events.DeviceSeen: _device_seen,
    events.DeviceTrusted: _device_trusted,
    events.DeviceRevoked: _device_revoked,
    events.AuthenticatorAdded: _authenticator_added,
    events.AuthenticatorRenamed: _authenticator_renamed,
    events.AuthenticatorRemoved: _authenticator_removed,
    events.AuthenticatorSuspended: _authenticator_suspended,
    events.RecoveryCodesMade: _recovery_codes_made,
    events.RecoveryCodesRemoved: _recovery_codes_removed,
    events.SessionEnded: _session_ended,
    events.PasswordRecovered: _password_recovered,
    events.PasswordChanged: _password_changed,
    events.PasswordResetByManager: _password_reset_by_manager,
    events.SecurityQuestionsChanged: _security_questions_changed,
    events.UserIdReminded: _user_id_reminded,
    events.RefreshTokenReused: _refresh_token_reused,
    events.SigningKeyRotated: _signing_key_rotated,
    **published_contacts.FORMS,
    **vouching.FORMS,
}


def _standing(account: Account) -> dict[str, Any]:
    return {
        "kind": account.kind.value,
        "registration_id": account.registration_id,
        "site": account.site,
        "language": account.profile.language,
        "person": _person(account),
    }


def _person(account: Account) -> dict[str, Any]:
    person = account.person
    profile = person.profile
    return {
        "first_name": profile.first_name,
        "middle_initial": profile.middle_initial,
        "last_name": profile.last_name,
        "email": person.email,
        "phone": profile.phone,
        "extension": profile.extension,
        "mobile": person.mobile,
        "job_role": profile.job_role,
        "address": asdict(profile.address) if profile.address else None,
    }
