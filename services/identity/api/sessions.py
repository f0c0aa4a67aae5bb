"""`sign-out`, `me/session` and `me/sessions`: how long one stays signed in, and where (IDN-10)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, part_of
from chassis.web.schemas import Instant, ResponseSchema, list_of
from services.identity.api.context import context
from services.identity.api.typed import refuses
from services.identity.application.extend_session import (
    ExtendSession,
    SessionEnds,
    extend_session,
    session_ends,
    sessions_of,
)
from services.identity.application.sign_out import (
    RevokeSession,
    RevokeSessions,
    SignOut,
    revoke_session,
    revoke_sessions,
    sign_out,
)

blueprint = Blueprint("sessions", __name__, description="Sessions: how long, where, and their end.")


class SessionEndsSchema(ResponseSchema):
    """When the present session ends."""

    id = fields.String(required=True)
    idle_ends_at = Instant(required=True, metadata={"description": "If it is not used until then."})
    ends_at = Instant(required=True, metadata={"description": "In any case."})
    fresh_until = Instant(
        required=True, metadata={"description": "Until when it opens what else answers `step_up_required`."}
    )


class SessionSchema(ResponseSchema):
    """A session of one's own."""

    id = fields.String(required=True)
    site = fields.String(required=True)
    address = fields.String(required=True, allow_none=True)
    started_at = Instant(required=True)
    used_at = Instant(required=True)
    ends_at = Instant(required=True)
    current = fields.Boolean(required=True, metadata={"description": "Whether it is the one that asks."})


@blueprint.route("/sign-out", methods=["POST"])
@signed_in
@blueprint.response(204)
def end_present() -> None:
    """End the present session, everywhere."""
    caller = context.caller
    sign_out(SignOut(caller.user_id, caller.session_id), context.work, context.ports)


@blueprint.route("/me/session", methods=["GET"])
@signed_in
@blueprint.response(200, SessionEndsSchema)
def get_session() -> SessionEnds:
    """When the present session ends; asking does not prolong it."""
    return session_ends(context.caller.session_id, context.work, context.ports)


@blueprint.route("/me/session/extend", methods=["POST"])
@signed_in
@blueprint.response(200, SessionEndsSchema)
def extend() -> SessionEnds:
    """Stay signed in."""
    return extend_session(ExtendSession(context.caller.session_id), context.work, context.ports)


@blueprint.route("/me/sessions", methods=["GET"])
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(SessionSchema))
def get_sessions(query: dict[str, Any]) -> dict[str, Any]:
    """One's sessions that are alive, newest first."""
    caller = context.caller
    found = sessions_of(caller.user_id, caller.session_id, context.work, context.ports)
    return part_of(found, query, lambda item: (-round(item.started_at.timestamp() * 1_000_000), item.id))


@blueprint.route("/me/sessions", methods=["DELETE"])
@signed_in
@blueprint.response(204)
def end_all() -> None:
    """End all of one's sessions, the present one included, everywhere."""
    revoke_sessions(RevokeSessions(context.caller.user_id), context.work, context.ports)


@blueprint.route("/me/sessions/<uuid:session>", methods=["DELETE"])
@signed_in
@refuses(404)
@blueprint.response(204)
def end_one(session: UUID) -> None:
    """End one of one's sessions, everywhere."""
    revoke_session(RevokeSession(context.caller.user_id, str(session)), context.work, context.ports)
