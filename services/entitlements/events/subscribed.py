"""What entitlements listens to: people from identity, practices and submitted registrations from registration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.change_managers import ChangeManagers, change_managers
from services.entitlements.application.follow_account import (
    RestoreAccess,
    SuspendAccess,
    restore_access,
    suspend_access,
)
from services.entitlements.application.forget_person import ForgetPerson, forget_person
from services.entitlements.application.learn_person import (
    LearnPerson,
    LearnProfile,
    learn_person,
    learn_profile,
)
from services.entitlements.application.learn_practices import LearnPractices, learn_practices
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.redeem_invitation import RedeemInvitation, redeem_invitation
from services.entitlements.application.submit_requests import (
    SubmitRequests,
    SubmittedRequest,
    submit_requests,
)
from services.entitlements.domain.changes import Wish
from services.entitlements.domain.levels import Level
from services.entitlements.domain.people import AccountState, Profile
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.practices import Practice


class PersonSchema(ConsumedSchema):
    """How somebody is called, reached and employed."""

    first_name = fields.String(required=True)
    middle_initial = fields.String(load_default=None, allow_none=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(load_default=None, allow_none=True)
    extension = fields.String(load_default=None, allow_none=True)
    job_role = fields.String(load_default=None, allow_none=True)


class ProfileSchema(ConsumedSchema):
    """Whose profile it is."""

    user_id = fields.String(required=True)
    person = fields.Nested(PersonSchema, required=True)


class AccountSchema(ProfileSchema):
    """An account that was confirmed, and the registration that it came from."""

    registration_id = fields.String(load_default=None, allow_none=True)


class WhoseSchema(ConsumedSchema):
    """Whose account it is."""

    user_id = fields.String(required=True)


class AccountRemovedSchema(WhoseSchema):
    """An account that is gone."""

    registration_id = fields.String(load_default=None, allow_none=True)


class AccountCreatedSchema(AccountSchema):
    """A new account."""

    state = fields.Enum(AccountState, by_value=True, required=True)


class PracticeSchema(ConsumedSchema):
    """A practice as the directory has it."""

    tin = fields.String(required=True)
    name = fields.String(required=True)
    lines = fields.List(fields.Enum(Line, by_value=True), required=True)
    version = fields.Integer(required=True)


class DirectorySchema(ConsumedSchema):
    """Practices that are new or changed."""

    practices = fields.List(fields.Nested(PracticeSchema), required=True)


class LinesChangedSchema(ConsumedSchema):
    """A practice whose lines of business are others now."""

    tin = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    after = fields.List(fields.Enum(Line, by_value=True), required=True)


class WishSchema(ConsumedSchema):
    """A wish for access."""

    request_id = fields.String(required=True)
    tin = fields.String(required=True)
    line = fields.Enum(Line, by_value=True, required=True)


class SubmittedSchema(ProfileSchema):
    """A registration with its wishes for access."""

    registration_id = fields.String(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    requests = fields.List(fields.Nested(WishSchema), required=True)


class PreparedAccessSchema(ConsumedSchema):
    """What a manager prepared at one place."""

    tin = fields.String(required=True)
    line = fields.Enum(Line, by_value=True, required=True)
    level = fields.Enum(Level, by_value=True, required=True)
    functions = fields.List(fields.String(), required=True)
    until = fields.AwareDateTime(required=True, allow_none=True)


class InviteeSchema(ConsumedSchema):
    """The address that the invitation was for."""

    email = fields.String(required=True)


class InvitationRedeemedSchema(ConsumedSchema):
    """An invitation, and who has redeemed it."""

    temporary_id = fields.String(required=True)
    user_id = fields.String(required=True)
    invited_by = fields.String(required=True)
    access = fields.List(fields.Nested(PreparedAccessSchema), required=True)
    person = fields.Nested(InviteeSchema, required=True)


class ManagerChangeSchema(ConsumedSchema):
    """What two support agents agreed upon."""

    proposal_id = fields.String(required=True)
    tin = fields.String(required=True)
    lines = fields.List(fields.Enum(Line, by_value=True), required=True)
    user_id = fields.String(required=True)
    proposed_by = fields.String(required=True)
    decided_by = fields.String(required=True)


def account_created(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody has an account, confirmed or not."""
    _learn(received.data, received.data["state"], work, ports)


def account_confirmed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody's e-mail address came back confirmed."""
    _learn(received.data, AccountState.ACTIVE, work, ports)


def account_removed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody's account is gone, and they with it."""
    forget_person(ForgetPerson(received.data["user_id"], received.data["registration_id"]), work, ports)


def account_disabled(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Nobody may sign in to an account."""
    suspend_access(SuspendAccess(received.data["user_id"]), work, ports)


def account_reactivated(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Its owner may again."""
    restore_access(RestoreAccess(received.data["user_id"]), work, ports)


def profile_changed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody is called, reached or employed otherwise now."""
    command = LearnProfile(received.data["user_id"], _profile(received.data["person"]))
    learn_profile(command, work, ports)


def directory_changed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Up to a thousand practices came or changed."""
    learn_practices(LearnPractices(tuple(map(_practice, received.data["practices"]))), work, ports)


def lines_changed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """A practice has other lines of business now."""
    practice = _practice({**received.data, "lines": received.data["after"]})
    learn_practices(LearnPractices((practice,)), work, ports)


def registration_submitted(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody registered, and asks for access."""
    data = received.data
    wishes = (SubmittedRequest(each["request_id"], Place(each["tin"], each["line"])) for each in data["requests"])
    command = SubmitRequests(
        registration_id=data["registration_id"],
        user_id=data["user_id"],
        profile=_profile(data["person"]),
        submitted_at=data["submitted_at"],
        requests=tuple(wishes),
    )
    submit_requests(command, work, ports)


def invitation_redeemed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody has what a manager prepared for them."""
    data = received.data
    command = RedeemInvitation(
        temporary_id=data["temporary_id"],
        user_id=data["user_id"],
        invited_by=data["invited_by"],
        email=data["person"]["email"],
        wishes=tuple(map(_prepared, data["access"])),
    )
    redeem_invitation(command, work, ports)


def _prepared(access: Mapping[str, Any]) -> Wish:
    functions = frozenset(access["functions"])
    return Wish(Place(access["tin"], access["line"]), access["level"], functions, access["until"])


def manager_appointed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Support appointed an access manager."""
    change_managers(_agreed(received.data, appoints=True), work, ports)


def manager_removed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Support removed a wrong one."""
    change_managers(_agreed(received.data, appoints=False), work, ports)


def _agreed(data: Mapping[str, Any], *, appoints: bool) -> ChangeManagers:
    return ChangeManagers(
        proposal_id=data["proposal_id"],
        appoints=appoints,
        tin=data["tin"],
        lines=tuple(data["lines"]),
        user_id=data["user_id"],
        proposed_by=data["proposed_by"],
        confirmed_by=data["decided_by"],
    )


def _learn(data: Mapping[str, Any], state: AccountState, work: UnitOfWork[Store], ports: Ports) -> None:
    command = LearnPerson(data["user_id"], _profile(data["person"]), state, data["registration_id"])
    learn_person(command, work, ports)


def _profile(person: Mapping[str, Any]) -> Profile:
    return Profile(**person)


def _practice(data: Mapping[str, Any]) -> Practice:
    return Practice(data["tin"], data["name"], frozenset(data["lines"]), data["version"])


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("identity.account.created.v1", AccountCreatedSchema, account_created),
    Subscription("identity.account.confirmed.v1", AccountSchema, account_confirmed),
    Subscription("identity.account.removed.v1", AccountRemovedSchema, account_removed),
    Subscription("identity.account.disabled.v1", WhoseSchema, account_disabled),
    Subscription("identity.account.reactivated.v1", WhoseSchema, account_reactivated),
    Subscription("identity.account.profile_changed.v1", ProfileSchema, profile_changed),
    Subscription("registration.directory.changed.v1", DirectorySchema, directory_changed),
    Subscription("registration.practice.lines_changed.v1", LinesChangedSchema, lines_changed),
    Subscription("registration.registration.submitted.v1", SubmittedSchema, registration_submitted),
    Subscription("registration.invitation.redeemed.v1", InvitationRedeemedSchema, invitation_redeemed),
    Subscription("registration.outreach.manager_appointed.v1", ManagerChangeSchema, manager_appointed),
    Subscription("registration.outreach.manager_removed.v1", ManagerChangeSchema, manager_removed),
)
