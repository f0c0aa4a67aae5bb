"""Identity's events as registration needs them: confirmed registrations, and accounts that support may appoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.registration.application.end_registration import EndRegistration, end_registration
from services.registration.application.forget_applicant import ForgetApplicant, forget_applicant
from services.registration.application.learn_account import (
    ForgetAccount,
    LearnAccount,
    LearnProfile,
    NoteSignIn,
    forget_account,
    learn_account,
    learn_profile,
    note_sign_in,
)
from services.registration.application.note_confirmation import NoteConfirmation, note_confirmation
from services.registration.application.ports import Ports, Store
from services.registration.application.redeem_invitation import CompleteInvitation, complete_invitation
from services.registration.domain.accounts import Account, AccountKind, AccountState

_LAPSED = "lapsed"


class PersonSchema(ConsumedSchema):
    """How somebody is called and reached."""

    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(load_default=None, allow_none=True)
    extension = fields.String(load_default=None, allow_none=True)


class ProfileSchema(ConsumedSchema):
    """Whose account it is."""

    user_id = fields.String(required=True)
    kind = fields.Enum(AccountKind, by_value=True, required=True)
    person = fields.Nested(PersonSchema, required=True)


class AccountConfirmedSchema(ProfileSchema):
    """Whose registration is confirmed; None for accounts that came another way."""

    registration_id = fields.UUID(required=True, allow_none=True)


class AccountCreatedSchema(ProfileSchema):
    """A new account."""

    state = fields.Enum(AccountState, by_value=True, required=True)


class AccountRemovedSchema(ConsumedSchema):
    """Who is to be forgotten; `registration_id` is None for accounts that came another way."""

    user_id = fields.String(required=True)
    registration_id = fields.UUID(required=True, allow_none=True)
    reason = fields.String(load_default=_LAPSED)


class SignInSchema(ConsumedSchema):
    """Who signed in."""

    user_id = fields.String(required=True)


def account_created(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody has an account, confirmed or not."""
    learn_account(LearnAccount(_account(received.data, received.data["state"])), work, ports)


def account_confirmed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody's address is confirmed, and so their registration, with its invitation (REG-14)."""
    learn_account(LearnAccount(_account(received.data, AccountState.ACTIVE)), work, ports)
    registration_id = received.data["registration_id"]
    if registration_id is not None:
        note_confirmation(NoteConfirmation(registration_id), work, ports)
        complete_invitation(CompleteInvitation(registration_id, received.data["user_id"]), work, ports)


def account_removed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """An account is gone, and its person is to be forgotten; a registration that was never confirmed ends with it."""
    user_id, registration_id = received.data["user_id"], received.data["registration_id"]
    work.writing().invitations.forget(user_id)
    forget_account(ForgetAccount(user_id), work, ports)
    if received.data["reason"] == _LAPSED and registration_id is not None:
        end_registration(EndRegistration(registration_id), work, ports)
    forget_applicant(ForgetApplicant(user_id), work, ports)


def profile_changed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody is called or reached otherwise now, or has become a support agent."""
    data, person = received.data, received.data["person"]
    learn_profile(LearnProfile(user_id=data["user_id"], kind=data["kind"], **person), work, ports)


def signed_in(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody came."""
    note_sign_in(NoteSignIn(received.data["user_id"], received.time), work, ports)


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("identity.account.created.v1", AccountCreatedSchema, account_created),
    Subscription("identity.account.confirmed.v1", AccountConfirmedSchema, account_confirmed),
    Subscription("identity.account.removed.v1", AccountRemovedSchema, account_removed),
    Subscription("identity.account.profile_changed.v1", ProfileSchema, profile_changed),
    Subscription("identity.sign_in.succeeded.v1", SignInSchema, signed_in),
)


def _account(data: Mapping[str, Any], state: AccountState) -> Account:
    return Account(user_id=data["user_id"], kind=data["kind"], state=state, **data["person"])
