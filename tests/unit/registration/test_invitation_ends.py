"""What the calendar does to invitations: their inviter is told, they end, and nobody stays known (REG-9, REG-14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.registration.application.end_invitations import (
    announce_invitation_ends,
    count_expiring,
    count_unannounced_ends,
    expire_invitations,
)
from services.registration.application.forget_invitees import count_forgotten_invitees, forget_invitees
from services.registration.application.invite import Prepared, new_credentials, write_invitations
from services.registration.application.ports import Ports
from services.registration.domain.errors import InvitationNotOpenError
from services.registration.domain.events import InvitationForgotten, InvitationTurn, InvitationTurned
from services.registration.domain.invitations import Credentials, InvitationState, Invitee, PreparedAccess
from services.registration.domain.lines import Line
from tests.unit.registration.fakes import NOW, FakeWork, fake_ports

ANA = Invitee("Ana", None, "Lee", None, None, "ana@example.com")
ACCESS = (PreparedAccess("123456789", Line.MEDICAL, "processor", ("claim_status",)),)
VALID, ANNOUNCED = timedelta(days=30), timedelta(days=23)
MOMENT = timedelta(seconds=1)


def invited(count: int = 1) -> tuple[FakeWork, Ports]:
    work = FakeWork()
    ports = fake_ports(work)
    credentials = new_credentials(count, work, ports)
    write_invitations("mmartin5", [Prepared(ANA, ACCESS)] * count, credentials, work, ports)
    work.events.clear()
    return work, ports


def told(work: FakeWork) -> list[InvitationTurn]:
    return [event.turn for event in work.events if isinstance(event, InvitationTurned)]


def test_the_inviter_is_told_once_a_week_before__REG_14() -> None:
    work, ports = invited()
    assert announce_invitation_ends(work, ports, NOW + ANNOUNCED - MOMENT) == 0
    assert count_unannounced_ends(work, ports, NOW + ANNOUNCED) == 1
    assert announce_invitation_ends(work, ports, NOW + ANNOUNCED) == 1
    assert announce_invitation_ends(work, ports, NOW + ANNOUNCED + timedelta(days=1)) == 0
    assert told(work) == [InvitationTurn.EXPIRING]


def test_after_thirty_days_it_ends_once__REG_14() -> None:
    work, ports = invited()
    assert expire_invitations(work, ports, NOW + VALID - MOMENT) == 0
    assert count_expiring(work, NOW + VALID) == 1
    assert expire_invitations(work, ports, NOW + VALID) == 1
    assert expire_invitations(work, ports, NOW + VALID * 2) == 0
    assert told(work) == [InvitationTurn.EXPIRED]
    (event,) = work.events
    assert isinstance(event, InvitationTurned)
    assert (event.at, event.by) == (NOW, "system:jobs"), "what is written bears the real time"


def test_of_a_renewed_one_the_inviter_is_told_again__REG_14() -> None:
    work, ports = invited()
    announce_invitation_ends(work, ports, NOW + ANNOUNCED)
    (invitation,) = work.store.invitations.all.values()
    renewed = invitation.renewed(
        "mmartin5", Credentials(invitation.temporary_id, "other"), NOW + ANNOUNCED, ports.invitations
    )
    work.store.invitations.save(renewed)
    assert announce_invitation_ends(work, ports, NOW + ANNOUNCED) == 0
    assert announce_invitation_ends(work, ports, NOW + ANNOUNCED + ANNOUNCED) == 1


def test_whoever_registers_meanwhile_is_not_cut_short__REG_14() -> None:
    work, ports = invited()
    (invitation,) = work.store.invitations.all.values()
    work.store.invitations.save(replace(invitation, state=InvitationState.UNCONFIRMED))
    assert expire_invitations(work, ports, NOW + VALID * 2) == 0
    assert announce_invitation_ends(work, ports, NOW + ANNOUNCED) == 0


def test_many_end_in_batches_until_none_is_left__REG_14() -> None:
    work, ports = invited(250)
    assert [expire_invitations(work, ports, NOW + VALID) for _ in range(3)] == [200, 50, 0]
    assert len(told(work)) == 250


def test_no_two_have_one_temporary_id__REG_15() -> None:
    work, _ = invited(250)
    assert len({each.temporary_id for each in work.store.invitations.all.values()}) == 250


def test_whoever_never_came_is_forgotten_after_the_invitation_has_ended__REG_9() -> None:
    work, ports = invited()
    expire_invitations(work, ports, NOW + VALID)
    work.events.clear()
    kept = ports.invitations.kept
    assert forget_invitees(work, ports, NOW + kept - MOMENT) == 0
    assert count_forgotten_invitees(work, ports, NOW + kept) == 1
    assert forget_invitees(work, ports, NOW + kept) == 1
    assert forget_invitees(work, ports, NOW + kept) == 0
    (event,) = work.events
    assert isinstance(event, InvitationForgotten)
    assert event.invitation.invitee == ANA, "so that others know whom to forget"
    (invitation,) = work.store.invitations.all.values()
    assert (invitation.invitee, invitation.state) == (None, InvitationState.EXPIRED)


def test_an_open_invitation_and_a_redeemed_one_are_nobodys_to_forget_yet__REG_9() -> None:
    work, ports = invited(2)
    first, _ = work.store.invitations.all.values()
    work.store.invitations.save(first.redeemed("ana.lee", NOW))
    assert forget_invitees(work, ports, NOW + VALID * 12) == 0


def test_an_invitation_of_nobody_cannot_be_renewed__REG_15() -> None:
    work, ports = invited()
    expire_invitations(work, ports, NOW + VALID)
    forget_invitees(work, ports, NOW + VALID * 3)
    (invitation,) = work.store.invitations.all.values()
    with pytest.raises(InvitationNotOpenError):
        invitation.renewed("mmartin5", invitation.credentials, NOW, ports.invitations)
