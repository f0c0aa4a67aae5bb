"""`invitations`: access that managers prepare for people (REG-14, REG-15)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from chassis.web import etags
from chassis.web.access import public, signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.idempotency import shows_secret_once
from chassis.web.paging import page
from chassis.web.rates import limited_by_address
from chassis.web.schemas import list_of
from services.registration.api.context import context
from services.registration.api.invitation_schemas import (
    ChangedInvitationSchema,
    CredentialsSchema,
    HandedOutSchema,
    InvitationSchema,
    InvitationsQuery,
    NewInvitationsSchema,
    OpenedSchema,
    handed_out,
    opened,
    shown,
)
from services.registration.application.change_invitation import (
    ChangeInvitation,
    RenewInvitation,
    RevokeInvitation,
    change_invitation,
    renew_invitation,
    revoke_invitation,
)
from services.registration.application.create_invitations import CreateInvitations, create_invitations
from services.registration.application.opening_invitations import Typed
from services.registration.application.read_invitations import (
    ListInvitations,
    ReadInvitation,
    list_invitations,
    read_invitation,
)
from services.registration.application.redeem_invitation import RedeemInvitation, redeem_invitation
from services.registration.domain.invitations import Invitation

blueprint = Blueprint(
    "invitations",
    __name__,
    url_prefix="/invitations",
    description="Access that is prepared for a person, carried by a temporary ID and a temporary password.",
)

_ETAG = {"ETag": {"description": "May be sent as `If-Match` of a change.", "schema": {"type": "string"}}}


@blueprint.route("", methods=["POST"])
@signed_in
@shows_secret_once
@blueprint.refuses(403, 409)
@blueprint.arguments(NewInvitationsSchema)
@blueprint.response(201, list_of(HandedOutSchema))
def create(body: dict[str, Any]) -> dict[str, Any]:
    """Invite people: each gets a temporary ID and password, shown once, and an e-mail with instructions."""
    command = CreateInvitations(context.caller.user_id, tuple(body["people"]), tuple(body["access"]))
    made = create_invitations(command, context.work, context.ports)
    return page(map(handed_out, made), None)


@blueprint.route("", methods=["GET"])
@signed_in
@blueprint.arguments(InvitationsQuery, location="query")
@blueprint.response(200, list_of(InvitationSchema))
def get_invitations(query: dict[str, Any]) -> dict[str, Any]:
    """Those that you made, and those for TINs and lines that you manage (these parts of them), the newest first."""
    before = UUID(query["cursor"][0]) if query["cursor"] else None
    command = ListInvitations(context.caller.user_id, query["state"], before, query["limit"], query["ends_by"])
    found = list_invitations(command, context.work, context.ports)
    return page(map(_shown, found.invitations), (str(found.following),) if found.following else None)


@blueprint.route("/<uuid:invitation_id>", methods=["GET"])
@signed_in
@blueprint.response(200, InvitationSchema, headers=_ETAG)
def get_invitation(invitation_id: UUID) -> dict[str, Any]:
    """One of them."""
    command = ReadInvitation(context.caller.user_id, invitation_id)
    found = read_invitation(command, context.work, context.ports).shown
    etags.show(found.version)
    return _shown(found)


@blueprint.route("/<uuid:invitation_id>", methods=["PUT"])
@signed_in
@shows_secret_once
@blueprint.refuses(403, 404, 409, 412)
@blueprint.arguments(ChangedInvitationSchema)
@blueprint.response(200, HandedOutSchema, headers=_ETAG)
def put_invitation(body: dict[str, Any], invitation_id: UUID) -> dict[str, Any]:
    """Change person and access of an open one; another e-mail address makes another temporary ID and password."""
    versions = etags.matching_versions() if "If-Match" in request.headers else None
    command = ChangeInvitation(context.caller.user_id, invitation_id, body["person"], tuple(body["access"]), versions)
    changed = change_invitation(command, context.work, context.ports)
    etags.show(changed.invitation.version)
    return handed_out(changed)


@blueprint.route("/<uuid:invitation_id>/renew", methods=["POST"])
@signed_in
@shows_secret_once
@blueprint.refuses(403, 404, 409, 412)
@blueprint.response(200, HandedOutSchema)
def renew(invitation_id: UUID) -> dict[str, Any]:
    """Open once more for its whole time, also after its end: the temporary ID stays, the password is another one."""
    command = RenewInvitation(context.caller.user_id, invitation_id)
    return handed_out(renew_invitation(command, context.work, context.ports))


@blueprint.route("/<uuid:invitation_id>/revoke", methods=["POST"])
@signed_in
@blueprint.refuses(403, 404, 409)
@blueprint.response(200, InvitationSchema)
def revoke(invitation_id: UUID) -> dict[str, Any]:
    """Take it back: it opens nothing any more."""
    command = RevokeInvitation(context.caller.user_id, invitation_id)
    return _shown(revoke_invitation(command, context.work, context.ports))


@blueprint.route("/redeem", methods=["POST"])
@public
@limited_by_address("invitations_redeem", times=20)
@blueprint.arguments(CredentialsSchema)
@blueprint.response(200, OpenedSchema)
def redeem(typed: Typed) -> dict[str, Any]:
    """Signed in: adds the access, `state` is `redeemed`. Else: what to fill in, to register with it.

    Five wrong passwords void a temporary ID.
    """
    caller = context.caller_or_none
    command = RedeemInvitation(typed, caller.user_id if caller else None)
    found = redeem_invitation(command, context.work, context.ports)
    return opened(found, found.state)


def _shown(invitation: Invitation) -> dict[str, Any]:
    return shown(invitation, invitation.state_at(context.ports.clock.now()))
