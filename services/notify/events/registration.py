"""Registration's events as notify needs them: registrations, invitations, practices without a manager."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.notify.application.forget_invitee import ForgetInvitee, forget_invitee
from services.notify.application.ports import Ports, Store
from services.notify.application.tell_of_invitation import (
    FollowInvitation,
    Invite,
    Place,
    follow_invitation,
    invite,
)
from services.notify.application.tell_of_outreach import (
    AskNominee,
    TellOfCase,
    ask_nominee,
    open_outreach,
    raise_outreach,
)
from services.notify.application.welcome_applicant import ExpectRequests, expect_requests
from services.notify.events.occasions import occasion_of

Handle = Callable[[Received, UnitOfWork[Store], Ports], None]


class AskedSchema(ConsumedSchema):
    """One request of a registration."""

    request_id = fields.String(required=True)


class SubmittedSchema(ConsumedSchema):
    """A registration that was submitted."""

    registration_id = fields.String(required=True)
    requests = fields.List(fields.Nested(AskedSchema), required=True)


class OutreachSchema(ConsumedSchema):
    """A case of outreach."""

    tin = fields.String(required=True)
    line = fields.String(required=True)
    practice = fields.String(load_default=None, allow_none=True)
    reason = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True)


class AccessSchema(ConsumedSchema):
    """A practice that an invitation is for."""

    tin = fields.String(required=True)
    line = fields.String(required=True)
    practice = fields.String(load_default=None, allow_none=True)


class InviteeSchema(ConsumedSchema):
    """The invited person."""

    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)


class InvitationSchema(ConsumedSchema):
    """An invitation, whatever became of it."""

    temporary_id = fields.String(required=True)
    invited_by = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    access = fields.List(fields.Nested(AccessSchema), required=True)
    person = fields.Nested(InviteeSchema, required=True)


class InvitationChangedSchema(InvitationSchema):
    """The same, with the temporary ID that it had before, where it has another one now."""

    replaces = fields.String(load_default=None, allow_none=True)


class ForgottenInviteeSchema(ConsumedSchema):
    """By what the person was written to."""

    email = fields.String(required=True)


class InvitationForgottenSchema(ConsumedSchema):
    """An invitation that nobody redeemed, whose person is to be forgotten."""

    temporary_id = fields.String(required=True)
    person = fields.Nested(ForgottenInviteeSchema, required=True)


class NomineeSchema(ConsumedSchema):
    """Who was named, and by whom."""

    applicant = fields.String(load_default=None, allow_none=True)
    first_name = fields.String(required=True)
    email = fields.String(required=True)


class NominatedSchema(OutreachSchema):
    """Somebody who is named as manager."""

    language = fields.String(load_default=None, allow_none=True)
    site = fields.String(required=True)
    person = fields.Nested(NomineeSchema, required=True)


def _submitted(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    request_ids = tuple(each["request_id"] for each in event.data["requests"])
    expect_requests(ExpectRequests(event.data["registration_id"], request_ids), work, ports)


def _of_case(tell: Callable[[TellOfCase, UnitOfWork[Store], Ports], None]) -> Any:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        data = event.data
        due_on = data["due_at"].date().isoformat()
        place = (data["tin"], data["line"], data["practice"])
        tell(TellOfCase(*place, data["reason"], due_on, occasion_of(event)), work, ports)

    return handle


def _nominated(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data, person = event.data, event.data["person"]
    command = AskNominee(
        tin=data["tin"],
        line=data["line"],
        practice=data["practice"],
        applicant=person["applicant"],
        first_name=person["first_name"],
        email=person["email"],
        language=data["language"],
        site=data["site"],
        occasion=occasion_of(event),
    )
    ask_nominee(command, work, ports)


def _invited(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    command = Invite(
        email=data["person"]["email"],
        first_name=data["person"]["first_name"],
        temporary_id=data["temporary_id"],
        invited_by=data["invited_by"],
        expires_on=data["expires_at"].date().isoformat(),
        places=_places(data),
        occasion=occasion_of(event),
    )
    invite(command, work, ports)


def _invitation_changed(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    if event.data["replaces"] is not None:
        _invited(event, work, ports)


def _invitation(notice: str) -> Handle:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        data, person = event.data, event.data["person"]
        command = FollowInvitation(
            notice=notice,
            name=f"{person['first_name']} {person['last_name']}",
            invited_by=data["invited_by"],
            expires_on=data["expires_at"].date().isoformat(),
            places=_places(data),
            occasion=occasion_of(event),
        )
        follow_invitation(command, work, ports)

    return handle


def _forgotten(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    forget_invitee(ForgetInvitee(event.data["person"]["email"], event.data["temporary_id"]), work, ports)


def _places(data: Mapping[str, Any]) -> tuple[Place, ...]:
    return tuple(Place(each["tin"], each["line"], each["practice"]) for each in data["access"])


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("registration.registration.submitted.v1", SubmittedSchema, _submitted),
    Subscription("registration.outreach.opened.v1", OutreachSchema, _of_case(open_outreach)),
    Subscription("registration.outreach.overdue.v1", OutreachSchema, _of_case(raise_outreach)),
    Subscription("registration.outreach.manager_nominated.v1", NominatedSchema, _nominated),
    Subscription("registration.invitation.created.v1", InvitationSchema, _invited),
    Subscription("registration.invitation.renewed.v1", InvitationSchema, _invited),
    Subscription("registration.invitation.changed.v1", InvitationChangedSchema, _invitation_changed),
    Subscription("registration.invitation.redeemed.v1", InvitationSchema, _invitation("invitation_redeemed")),
    Subscription("registration.invitation.expiring.v1", InvitationSchema, _invitation("invitation_expiring")),
    Subscription("registration.invitation.voided.v1", InvitationSchema, _invitation("invitation_voided")),
    Subscription("registration.invitation.forgotten.v1", InvitationForgottenSchema, _forgotten),
)
