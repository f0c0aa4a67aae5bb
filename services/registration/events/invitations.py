"""The public form of what becomes of invitations (`events.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from marshmallow import Schema

from chassis.bus.envelope import rfc3339
from chassis.kernel.messages import Message
from services.registration.domain.events import (
    InvitationForgotten,
    InvitationRedeemed,
    InvitationTurn,
    InvitationTurned,
)
from services.registration.domain.invitations import Invitation, Invitee, PreparedAccess
from services.registration.events import shapes


def _type(happened: str) -> str:
    return f"registration.invitation.{happened}.v1"


INVITATION_SCHEMAS: Mapping[str, type[Schema]] = {
    **{_type(turn.value): shapes.InvitationTurnedSchema for turn in InvitationTurn},
    _type(InvitationTurn.CHANGED.value): shapes.InvitationChangedSchema,
    _type("redeemed"): shapes.InvitationRedeemedSchema,
    _type("forgotten"): shapes.InvitationForgottenSchema,
}


def invitation_turned(event: InvitationTurned) -> Message:
    """What became of an invitation."""
    more = {"replaces": event.replaces} if event.turn is InvitationTurn.CHANGED else {}
    return _told(event.turn.value, event.invitation, {"by": event.by, "at": rfc3339(event.at), **more})


def invitation_redeemed(event: InvitationRedeemed) -> Message:
    """Who has redeemed it, and what it holds."""
    registration_id = event.invitation.registration_id
    own = {
        "user_id": event.user_id,
        "registration_id": str(registration_id) if registration_id else None,
        "at": rfc3339(event.at),
    }
    return _told("redeemed", event.invitation, own)


def invitation_forgotten(event: InvitationForgotten) -> Message:
    """Whom to forget."""
    invitation = event.invitation
    data = {
        "invitation_id": str(invitation.id),
        "temporary_id": invitation.temporary_id,
        "at": rfc3339(event.at),
        "person": {"email": _invitee(invitation).email},
    }
    return Message(_type("forgotten"), _subject(invitation), data)


def _told(happened: str, invitation: Invitation, own: Mapping[str, Any]) -> Message:
    data = {
        "invitation_id": str(invitation.id),
        "temporary_id": invitation.temporary_id,
        "invited_by": invitation.invited_by,
        "expires_at": rfc3339(invitation.expires_at),
        "access": [_prepared(each) for each in invitation.access],
        **own,
        "person": asdict(_invitee(invitation)),
    }
    return Message(_type(happened), _subject(invitation), data)


def _invitee(invitation: Invitation) -> Invitee:
    if invitation.invitee is None:
        raise ValueError("an invitation whose person was erased has no more to tell")
    return invitation.invitee


def _subject(invitation: Invitation) -> str:
    return f"invitation/{invitation.temporary_id}"


def _prepared(access: PreparedAccess) -> dict[str, Any]:
    return {
        "tin": access.tin,
        "line": access.line.value,
        "practice": access.practice,
        "level": access.level,
        "functions": list(access.functions),
        "until": rfc3339(access.until) if access.until else None,
    }
