"""The shapes of invitations (`api.md`, registration)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from chassis.web.paging import PageQuery
from chassis.web.schemas import Instant, RequestSchema, ResponseSchema
from services.registration.application.invite import HandedOut
from services.registration.application.opening_invitations import Typed
from services.registration.domain.invitation_form import AccessEntry
from services.registration.domain.invitations import Invitation, InvitationState
from services.registration.domain.lines import Line

LEVELS = ("primary", "secondary", "processor", "auditor")
_MOST_PEOPLE = 100
_MOST_ACCESS = 150
_MOST_FUNCTIONS = 200
_LONGEST_SECRET = 64


class PersonSchema(RequestSchema):
    """The person to invite."""

    first_name = fields.String(required=True)
    middle_initial = fields.String(allow_none=True)
    last_name = fields.String(required=True)
    phone = fields.String(allow_none=True)
    extension = fields.String(allow_none=True)
    email = fields.String(required=True)


class PreparedSchema(RequestSchema):
    """What they are to have at one TIN and line; loads to an `AccessEntry`."""

    tin = fields.String(required=True, metadata={"example": "123456789"})
    line = fields.Enum(Line, by_value=True, required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    functions = fields.List(
        fields.String(validate=validate.Length(1, 64)),
        required=True,
        validate=validate.Length(max=_MOST_FUNCTIONS),
        metadata={"description": "The whole set; those that the level fixes may be left out."},
    )
    until = Instant(load_default=None, allow_none=True, metadata={"description": "When it ends; null: never."})

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> AccessEntry:
        """As the domain knows it."""
        return AccessEntry(data["tin"], data["line"], data["level"], tuple(data["functions"]), data["until"])


def _access() -> fields.List[Any]:
    return fields.List(fields.Nested(PreparedSchema), required=True, validate=validate.Length(1, _MOST_ACCESS))


class NewInvitationsSchema(RequestSchema):
    """One or many people, all of them for the same access."""

    people = fields.List(fields.Nested(PersonSchema), required=True, validate=validate.Length(1, _MOST_PEOPLE))
    access = _access()


class ChangedInvitationSchema(RequestSchema):
    """What an invitation is to be."""

    person = fields.Nested(PersonSchema, required=True)
    access = _access()


class CredentialsSchema(RequestSchema):
    """Exactly as printed; loads to `Typed`."""

    temporary_id = fields.String(required=True, validate=validate.Length(1, _LONGEST_SECRET))
    temporary_password = fields.String(
        required=True, validate=validate.Length(1, _LONGEST_SECRET), metadata={"format": "password"}
    )

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> Typed:
        """As the use case takes them: blanks around them come from copying."""
        return Typed(data["temporary_id"].strip(), data["temporary_password"].strip())


class InvitationsQuery(PageQuery):
    """Which invitations."""

    state = fields.List(
        fields.Enum(InvitationState, by_value=True),
        load_default=(),
        metadata={"description": "In one of these states; without it, all.", "style": "form", "explode": True},
    )
    ends_by = Instant(load_default=None, metadata={"description": "Only those whose time is over by then."})


class InviteeSchema(ResponseSchema):
    """The person as the manager described them; all null once they were erased."""

    first_name = fields.String(required=True, allow_none=True)
    middle_initial = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    extension = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)


class AccessSchema(ResponseSchema):
    """What is prepared at one TIN and line; a practice that the directory does not have has no name."""

    tin = fields.String(required=True)
    line = fields.String(required=True, attribute="line.value")
    practice = fields.String(required=True, allow_none=True)
    level = fields.String(required=True)
    functions = fields.List(fields.String(), required=True)
    until = Instant(required=True, allow_none=True)


class OpenedSchema(ResponseSchema):
    """What an invitation holds, for whoever has its temporary ID and password."""

    state = fields.Enum(InvitationState, by_value=True, required=True)
    person = fields.Nested(InviteeSchema, required=True)
    access = fields.List(fields.Nested(AccessSchema), required=True)
    expires_at = Instant(required=True)


class InvitationSchema(OpenedSchema):
    """An invitation as managers see it."""

    id = fields.UUID(required=True)
    temporary_id = fields.String(required=True)
    invited_by = fields.String(required=True)
    created_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    user_id = fields.String(required=True, allow_none=True, metadata={"description": "Who has redeemed it."})


class HandedOutSchema(InvitationSchema):
    """An invitation with its temporary password, which is shown once; null where the former still holds."""

    temporary_password = fields.String(required=True, allow_none=True)


def shown(invitation: Invitation, state: InvitationState) -> dict[str, Any]:
    """An invitation as `InvitationSchema` dumps it."""
    return {
        **opened(invitation, state),
        "id": invitation.id,
        "temporary_id": invitation.temporary_id,
        "invited_by": invitation.invited_by,
        "created_at": invitation.created_at,
        "ended_at": invitation.ended_at,
        "user_id": invitation.redeemed_by,
    }


def opened(invitation: Invitation, state: InvitationState) -> dict[str, Any]:
    """An invitation as `OpenedSchema` dumps it."""
    person = invitation.invitee or dict.fromkeys(InviteeSchema().fields)
    return {"state": state, "person": person, "access": invitation.access, "expires_at": invitation.expires_at}


def handed_out(issued: HandedOut) -> dict[str, Any]:
    """An invitation as `HandedOutSchema` dumps it."""
    return {**shown(issued.invitation, issued.invitation.state), "temporary_password": issued.temporary_password}
