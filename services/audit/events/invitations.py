"""What becomes of invitations, as the delegation history tells it (REG-14, REG-15, AUD-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.audit.application.append_entries import AppendEntries, append_entries
from services.audit.application.erase_person import EraseInvitee, erase_invitee
from services.audit.application.ports import Ports, Store
from services.audit.application.record_invitation import RecordInvitation, Redemption, record_invitation
from services.audit.domain.changes import Change, Grant, Kind, Person, changer
from services.audit.events.arrivals import arrival_of
from services.audit.events.shapes import InvitationForgottenSchema, InvitationRedeemedSchema, InvitationSchema

Handle = Callable[[Received, UnitOfWork[Store], Ports], None]


def _became(kind: Kind) -> Handle:
    def handle(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        data = received.data
        changes = tuple(_change(data, each, kind, data["by"]) for each in data["access"])
        record_invitation(RecordInvitation(arrival_of(received), changes), work, ports)

    return handle


def _redeemed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = received.data
    user_id = data["user_id"]
    changes = tuple(_change(data, each, Kind.INVITATION_REDEEMED, user_id, user_id) for each in data["access"])
    redemption = Redemption(data["temporary_id"], user_id, data["registration_id"] is not None)
    record_invitation(RecordInvitation(arrival_of(received), changes, redemption), work, ports)


def _forgotten(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """An entry as any, of which nothing personal remains either."""
    append_entries(AppendEntries((arrival_of(received),)), work, ports)
    erase_invitee(EraseInvitee(received.data["temporary_id"]), work, ports)


def _change(
    data: Mapping[str, Any], access: Mapping[str, Any], kind: Kind, by: str, user_id: str | None = None
) -> Change:
    """What was prepared stands as `after`: nobody holds it yet."""
    person = data["person"]
    return Change(
        at=data["at"],
        changed_by=changer(by),
        kind=kind,
        user_id=user_id,
        person=Person(*(person.get(name) for name in Person.__slots__)),
        temporary_id=data["temporary_id"],
        registered=user_id is not None,
        tin=access["tin"],
        line=access["line"],
        after=Grant(access["level"], tuple(access["functions"]), access["until"]),
    )


INVITATIONS: tuple[Subscription[Store, Ports], ...] = (
    *(
        Subscription(f"registration.invitation.{happened}.v1", InvitationSchema, _became(kind))
        for happened, kind in (
            ("created", Kind.INVITED),
            ("changed", Kind.INVITATION_CHANGED),
            ("renewed", Kind.INVITATION_RENEWED),
            ("revoked", Kind.INVITATION_REVOKED),
            ("voided", Kind.INVITATION_VOIDED),
            ("expired", Kind.INVITATION_EXPIRED),
        )
    ),
    Subscription("registration.invitation.redeemed.v1", InvitationRedeemedSchema, _redeemed),
    Subscription("registration.invitation.forgotten.v1", InvitationForgottenSchema, _forgotten),
)
