"""Redeem a temporary ID: with an account at once, without one by registering with what it has filled in (REG-14)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.errors import TemporaryIdMissedError
from services.registration.application.opening_invitations import Typed, count_miss, knock, take
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import InvitationRedeemed
from services.registration.domain.invitations import Invitation


@dataclass(frozen=True, slots=True)
class RedeemInvitation(Command):
    """`user_id` is who is signed in, None for somebody who has no account yet."""

    typed: Typed
    user_id: str | None


@dataclass(frozen=True, slots=True)
class CompleteInvitation(Command):
    """Whoever registered with a temporary ID has confirmed their e-mail address."""

    registration_id: UUID
    user_id: str


def redeem_invitation(command: RedeemInvitation, work: UnitOfWork[Store], ports: Ports) -> Invitation:
    """The invitation: redeemed by the account, or, without one, as it is, to be registered with.

    Raises `TemporaryIdMissedError`; a wrong password counts, and the fifth voids the invitation.
    """
    knocked = knock(command.typed, work, ports)
    if knocked.invitation is None:
        fault = count_miss(knocked, work, ports)
        raise TemporaryIdMissedError([fault] if fault else [])
    if command.user_id is None:
        return knocked.invitation
    store, now = work.writing(), ports.clock.now()
    taken, fault = take(knocked.invitation, store, now)
    if fault is not None:
        raise TemporaryIdMissedError([fault])
    return _redeem(taken, command.user_id, work, ports)


def complete_invitation(command: CompleteInvitation, work: UnitOfWork[Store], ports: Ports) -> None:
    """What was prepared is theirs, as far as entitlements lets it be; nothing is where it was revoked meanwhile."""
    claimed = work.writing().invitations.lock_claimed(command.registration_id)
    if claimed is not None:
        _redeem(claimed, command.user_id, work, ports)


def _redeem(invitation: Invitation, user_id: str, work: UnitOfWork[Store], ports: Ports) -> Invitation:
    now = ports.clock.now()
    redeemed = invitation.redeemed(user_id, now)
    work.writing().invitations.save(redeemed)
    work.record(InvitationRedeemed(redeemed, user_id, now))
    return redeemed
