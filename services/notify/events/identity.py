"""Identity's events as notify needs them: whom to write to, codes, and what threatens an account."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.notify.application.keep_account import KeepAccount, KeepProfile, keep_account, keep_profile
from services.notify.application.keep_contact import KeepContact, keep_contact
from services.notify.application.ports import Ports, Store
from services.notify.application.send_code import SendCode, send_code
from services.notify.application.tell_sealed import TellSealed, tell_sealed
from services.notify.application.warn_account import WarnAccount, warn_account, warn_contacts
from services.notify.application.warn_of_reset import WarnOfReset, warn_of_reset
from services.notify.application.welcome_applicant import ConfirmRegistration, confirm_registration
from services.notify.domain.message import Sealed
from services.notify.domain.notices import Channel
from services.notify.domain.recipients import Contact, Kind, Recipient
from services.notify.events.occasions import occasion_of

_CODE_REQUESTED = "identity.code.requested.v1"
_USER_ID_REMINDED = "identity.user_id.reminded.v1"
_REMINDER = "user_id_reminder"


class NamedSchema(ConsumedSchema):
    """A person's name and address."""

    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)


class AccountSchema(ConsumedSchema):
    """An account that was made or confirmed."""

    user_id = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    registration_id = fields.String(load_default=None, allow_none=True)
    site = fields.String(required=True)
    language = fields.String(required=True)
    state = fields.String(load_default="active")
    person = fields.Nested(NamedSchema, required=True)


class ProfileSchema(ConsumedSchema):
    """An account whose details, or whose kind, changed."""

    user_id = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=True, load_default=None, allow_none=True)
    language = fields.String(required=True)
    person = fields.Nested(NamedSchema, required=True)


class ContactValueSchema(ConsumedSchema):
    """A contact's value."""

    value = fields.String(required=True)


class ContactSchema(ConsumedSchema):
    """A contact that came to be verified."""

    user_id = fields.String(required=True)
    contact_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["email", "mobile"]))
    person = fields.Nested(ContactValueSchema, required=True)


class CodeSchema(ConsumedSchema):
    """A code that was asked for."""

    code_id = fields.String(required=True)
    user_id = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    language = fields.String(required=True)
    site = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    sealed = fields.String(load_default=None, allow_none=True)


class LockSchema(ConsumedSchema):
    """An account that was locked."""

    user_id = fields.String(required=True)
    until = fields.AwareDateTime(required=True)
    failures = fields.Integer(required=True)
    by = fields.String(load_default=None, allow_none=True)


class ReminderSchema(ConsumedSchema):
    """A forgotten user ID that is to be told."""

    reminder_id = fields.String(required=True)
    user_id = fields.String(required=True)
    language = fields.String(required=True)
    site = fields.String(required=True)
    sealed = fields.String(load_default=None, allow_none=True)


class ResetSchema(ConsumedSchema):
    """A password that a manager reset."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)


class SecondStepSchema(ConsumedSchema):
    """A second step that changed; recovery codes have no `kind`."""

    user_id = fields.String(required=True)
    kind = fields.String(load_default=None)


class DeviceSchema(ConsumedSchema):
    """A device that is new, or trusted from now on, until it `expires_at`."""

    user_id = fields.String(required=True)
    browser = fields.String(required=True)
    platform = fields.String(required=True)
    expires_at = fields.AwareDateTime(load_default=None, allow_none=True)


class WarningSchema(ConsumedSchema):
    """Something that the owner of an account must know, whatever its details."""

    user_id = fields.String(required=True)


def seal_place(code_id: str) -> str:
    """The place that identity binds a code's seal to."""
    return f"{_CODE_REQUESTED}:{code_id}"


def reminder_place(reminder_id: str) -> str:
    """The place that identity binds a reminder's seal to."""
    return f"{_USER_ID_REMINDED}:{reminder_id}"


def _account_created(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    keep_account(KeepAccount(_recipient(event.data, verified=event.data["state"] == "active")), work, ports)


def _account_confirmed(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    keep_account(KeepAccount(_recipient(event.data, verified=True)), work, ports)
    registration_id = event.data["registration_id"]
    if registration_id:
        command = ConfirmRegistration(registration_id, event.data["user_id"], occasion_of(event))
        confirm_registration(command, work, ports)


def _profile_changed(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    command = KeepProfile(data["user_id"], language=data["language"], kind=data["kind"], **data["person"])
    keep_profile(command, work, ports)


def _contact_kept(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    contact = Contact(data["user_id"], data["contact_id"], data["kind"], data["person"]["value"])
    keep_contact(KeepContact(contact), work, ports)


def _code_requested(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    if data["sealed"] is None:
        return  # redacted since: it was sent, or nobody needs it any more
    command = SendCode(
        user_id=data["user_id"],
        purpose=data["purpose"],
        channel=data["channel"],
        language=data["language"],
        site=data["site"],
        expires_at=data["expires_at"],
        sealed=Sealed(data["sealed"], seal_place(data["code_id"])),
        occasion=occasion_of(event),
    )
    send_code(command, work, ports)


def _account_locked(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    if event.data["by"] is not None:
        act = WarnAccount("support_acted", event.data["user_id"], {"act": "locked"}, occasion_of(event))
        warn_account(act, work, ports)
        return
    until: datetime = event.data["until"]
    minutes = max(1, math.ceil((until - event.time).total_seconds() / 60))
    facts = {"minutes": minutes, "failures": event.data["failures"]}
    warn_account(WarnAccount("account_locked", event.data["user_id"], facts, occasion_of(event)), work, ports)


def _password_set(how: str) -> Callable[[Received, UnitOfWork[Store], Ports], None]:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        facts = {"how": how}
        warn_contacts(WarnAccount("password_changed", event.data["user_id"], facts, occasion_of(event)), work, ports)

    return handle


def _password_reset(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    warn_of_reset(WarnOfReset(data["user_id"], data["by"], occasion_of(event)), work, ports)


def _user_id_reminded(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    if data["sealed"] is None:
        return  # redacted since: it was sent
    command = TellSealed(
        notice=_REMINDER,
        user_id=data["user_id"],
        language=data["language"],
        site=data["site"],
        facts={"user_id": data["user_id"]},
        sealed=Sealed(data["sealed"], reminder_place(data["reminder_id"])),
        occasion=occasion_of(event),
    )
    tell_sealed(command, work, ports)


def _second_step_changed(change: str) -> Callable[[Received, UnitOfWork[Store], Ports], None]:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        facts = {"change": change, "kind": event.data["kind"]}
        warn_account(WarnAccount("second_step_changed", event.data["user_id"], facts, occasion_of(event)), work, ports)

    return handle


def _device(notice: str) -> Callable[[Received, UnitOfWork[Store], Ports], None]:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        facts = {"browser": event.data["browser"], "platform": event.data["platform"]}
        if event.data["expires_at"] is not None:
            facts["until"] = event.data["expires_at"].date().isoformat()
        warn_account(WarnAccount(notice, event.data["user_id"], facts, occasion_of(event)), work, ports)

    return handle


def _token_reused(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    warn_account(WarnAccount("refresh_reuse", event.data["user_id"], {}, occasion_of(event)), work, ports)


def _recipient(data: dict[str, Any], *, verified: bool) -> Recipient:
    return Recipient(
        user_id=data["user_id"],
        kind=data["kind"],
        verified=verified,
        language=data["language"],
        site=data["site"],
        **data["person"],
    )


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("identity.account.created.v1", AccountSchema, _account_created),
    Subscription("identity.account.confirmed.v1", AccountSchema, _account_confirmed),
    Subscription("identity.account.profile_changed.v1", ProfileSchema, _profile_changed),
    Subscription("identity.contact.verified.v1", ContactSchema, _contact_kept),
    Subscription(_CODE_REQUESTED, CodeSchema, _code_requested),
    Subscription("identity.account.locked.v1", LockSchema, _account_locked),
    Subscription("identity.password.recovered.v1", WarningSchema, _password_set("recovered")),
    Subscription("identity.password.changed.v1", WarningSchema, _password_set("changed")),
    Subscription("identity.password.reset_by_manager.v1", ResetSchema, _password_reset),
    Subscription(_USER_ID_REMINDED, ReminderSchema, _user_id_reminded),
    *(
        Subscription(f"identity.{change}.v1", SecondStepSchema, _second_step_changed(change))
        for change in (
            "authenticator.added",
            "authenticator.renamed",
            "authenticator.removed",
            "authenticator.suspended",
            "recovery_codes.made",
            "recovery_codes.removed",
            "security_questions.changed",
        )
    ),
    Subscription("identity.device.seen.v1", DeviceSchema, _device("new_device")),
    Subscription("identity.device.trusted.v1", DeviceSchema, _device("device_trusted")),
    Subscription("identity.refresh_token.reused.v1", WarningSchema, _token_reused),
)
