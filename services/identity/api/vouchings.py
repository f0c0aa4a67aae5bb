"""`vouchings`: a manager vouches for a new address, support confirms it, its owner verifies it, an old contact stops it
(IDN-17).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from chassis.security.callers import SUPPORT_SCOPE
from chassis.web.access import needs_scope, public, signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, page
from chassis.web.rates import limited_by_address
from chassis.web.schemas import Instant, RequestSchema, ResponseSchema, list_of
from services.identity.api.accounts import CodeSchema, SentSchema
from services.identity.api.context import context
from services.identity.api.support import ReasonSchema
from services.identity.api.typed import refuses, secret, typed
from services.identity.application.code_desk import Sent
from services.identity.application.list_vouchings import STATES, ListVouchings, list_vouchings
from services.identity.application.settle_vouching import (
    ConfirmVouching,
    RejectVouching,
    confirm_vouching,
    reject_vouching,
)
from services.identity.application.stop_vouching import StopVouching, stop_vouching
from services.identity.application.verify_vouched_contact import (
    SendVouchedContactCode,
    VerifyVouchedContact,
    send_vouched_contact_code,
    verify_vouched_contact,
)
from services.identity.application.vouch_for_contact import VouchForContact, vouch_for_contact
from services.identity.domain.vouchings import Vouching, VouchingState

blueprint = Blueprint("vouchings", __name__, url_prefix="", description="Lost mailboxes and lost second steps.")


class VouchSchema(RequestSchema):
    """Where somebody is reached now."""

    email = typed("The new address.", longest=320)
    reason = typed("How the manager made sure that it is the person; stays in the history.")


class TokenSchema(RequestSchema):
    """What came by message."""

    token = secret("The code of the message.")


class VouchingsQuery(PageQuery):
    """Which ones."""

    state = fields.String(load_default="open", validate=validate.OneOf(sorted(STATES)))
    user_id = typed("Of this account alone.", required=False, load_default=None)


class VouchingSchema(ResponseSchema):
    """A new address on its way."""

    id = fields.String(required=True)
    user_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([each.value for each in VouchingState]))
    email = fields.String(required=True)
    reason = fields.String(required=True)
    vouched_by = fields.String(required=True)
    vouched_at = Instant(required=True)
    expires_at = Instant(required=True, metadata={"description": "When it ends by itself unless it has gone on."})
    confirmed_by = fields.String(required=True, allow_none=True)
    confirmed_at = Instant(required=True, allow_none=True)
    verified_at = Instant(
        required=True, allow_none=True, metadata={"description": "When the code that the new address got came back."}
    )
    works_at = Instant(required=True, allow_none=True, metadata={"description": "From when on it works, if verified."})
    ended_at = Instant(required=True, allow_none=True)


@blueprint.route("/accounts/<string:user_id>/vouch", methods=["POST"])
@signed_in
@refuses(403, 404, 409)
@blueprint.arguments(VouchSchema)
@blueprint.response(201, VouchingSchema)
def vouch(body: dict[str, Any], user_id: str) -> Vouching:
    """Vouch that somebody who lost their mailbox is now reached at another address, for whoever is a primary
    administrator where they have access. Needs a fresh second step; all contacts that they have are told at once.
    """
    caller = context.caller
    command = VouchForContact(
        user_id=user_id,
        email=body["email"],
        reason=body["reason"],
        by=caller.user_id,
        session_id=caller.session_id,
        site=context.site,
    )
    return vouch_for_contact(command, context.work, context.ports)


@blueprint.route("/vouchings", methods=["GET"])
@signed_in
@blueprint.arguments(VouchingsQuery, location="query")
@blueprint.response(200, list_of(VouchingSchema))
def get_vouchings(query: dict[str, Any]) -> dict[str, Any]:
    """All of them for support; for everybody else those for whom they vouched. The newest first."""
    caller, limit, cursor = context.caller, query["limit"], query["cursor"]
    command = ListVouchings(
        state=query["state"],
        limit=limit + 1,
        vouched_by=None if SUPPORT_SCOPE in caller.scopes else caller.user_id,
        user_id=query["user_id"],
        after=(cursor[0], str(cursor[1])) if cursor else None,
    )
    found = list_vouchings(command, context.work, context.ports)
    shown = found[:limit]
    return page(shown, (shown[-1].vouched_at, shown[-1].id) if len(found) > limit else None)


@blueprint.route("/vouchings/<uuid:vouching>/confirm", methods=["POST"])
@needs_scope(SUPPORT_SCOPE)
@refuses(403, 404, 409)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, VouchingSchema)
def confirm(body: dict[str, Any], vouching: UUID) -> Vouching:
    """Confirm the address: it works after the pause that is set, once it is verified, in place of all contacts.

    Needs a fresh second step, and another person than the one who vouched.
    """
    caller = context.caller
    command = ConfirmVouching(str(vouching), caller.user_id, caller.session_id, body["reason"])
    return confirm_vouching(command, context.work, context.ports)


@blueprint.route("/vouchings/<uuid:vouching>/reject", methods=["POST"])
@needs_scope(SUPPORT_SCOPE)
@refuses(403, 404, 409)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, VouchingSchema)
def reject(body: dict[str, Any], vouching: UUID) -> Vouching:
    """Have it come to nothing, be it confirmed or not. Needs a fresh second step."""
    caller = context.caller
    command = RejectVouching(str(vouching), caller.user_id, caller.session_id, body["reason"])
    return reject_vouching(command, context.work, context.ports)


@blueprint.route("/vouchings/stop", methods=["POST"])
@public
@limited_by_address("recovery", times=60)
@refuses(404, 429)
@blueprint.arguments(TokenSchema)
@blueprint.response(204)
def stop(body: dict[str, Any]) -> None:
    """Stop it, by the code that each old contact was sent, until the new address works."""
    stop_vouching(StopVouching(body["token"]), context.work, context.ports)


@blueprint.route("/accounts/<string:user_id>/vouched-contact/send", methods=["POST"])
@public
@limited_by_address("recovery", times=60)
@refuses(429)
@blueprint.response(202, SentSchema)
def send(user_id: str) -> Sent:
    """Send a code to the address that was vouched for and confirmed; the same answer where there is none."""
    command = SendVouchedContactCode(user_id, context.site)
    return send_vouched_contact_code(command, context.work, context.ports)


@blueprint.route("/accounts/<string:user_id>/vouched-contact/verify", methods=["POST"])
@public
@limited_by_address("recovery", times=60)
@refuses(429)
@blueprint.arguments(CodeSchema)
@blueprint.response(204)
def verify(body: dict[str, Any], user_id: str) -> None:
    """Verify that address by the code; whoever has none is answered alike."""
    verify_vouched_contact(VerifyVouchedContact(user_id, body["code"]), context.work, context.ports)
