"""Who brings a temporary ID and password is let in, or their wrong password counts (REG-14).

The password is verified before the writing transaction; under the lock nothing else may have become of the invitation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.kernel.errors import Fault
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import InvitationTurn, InvitationTurned
from services.registration.domain.invitations import Invitation, InvitationState

BY_GUESSING: Final = "system:guessing"
"""Who voids an invitation: nobody knows who tries passwords."""

_POINTER: Final = "/temporary_id"
_ASK: Final = "Ask whoever invited you for a new one."
_UNKNOWN: Final = Fault(
    _POINTER,
    "temporary_id_unknown",
    "There is no invitation with this temporary ID and password. Type both exactly as printed: small and capital "
    "letters differ.",
)
_OF_STATE: Final = {
    InvitationState.UNCONFIRMED: Fault(_POINTER, "temporary_id_used", f"This temporary ID was used already. {_ASK}"),
    InvitationState.REDEEMED: Fault(_POINTER, "temporary_id_used", f"This temporary ID was used already. {_ASK}"),
    InvitationState.EXPIRED: Fault(_POINTER, "temporary_id_expired", f"This temporary ID has expired. {_ASK}"),
    InvitationState.REVOKED: Fault(_POINTER, "temporary_id_revoked", f"This temporary ID was taken back. {_ASK}"),
    InvitationState.VOIDED: Fault(
        _POINTER, "temporary_id_voided", f"Too many wrong passwords were tried with this temporary ID. {_ASK}"
    ),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed from their paper."""

    temporary_id: str
    temporary_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Knock:
    """What came of it: the invitation that opens, or the fault; `missed` is where the wrong password counts."""

    invitation: Invitation | None = None
    fault: Fault | None = None
    missed: Invitation | None = None


def knock(typed: Typed, work: UnitOfWork[Store], ports: Ports, registration_id: UUID | None = None) -> Knock:
    """Whether these open an invitation now; nothing is written, and nobody learns by the time whether there is one.

    What this very registration has claimed opens for it again.
    """
    with work.reading() as store:
        found = store.invitations.with_temporary_id(typed.temporary_id)
    is_right = ports.temporary.matches(found.credentials.password_hash if found else None, typed.temporary_password)
    if found is None:
        return Knock(fault=_UNKNOWN)
    state = found.state_at(ports.clock.now())
    if state is InvitationState.VOIDED:
        return Knock(fault=_OF_STATE[state])
    if not is_right:
        return Knock(fault=_UNKNOWN, missed=found if state is InvitationState.OPEN else None)
    fault = _fault(found, ports.clock.now(), registration_id)
    return Knock(fault=fault) if fault else Knock(found)


def count_miss(knocked: Knock, work: UnitOfWork[Store], ports: Ports) -> Fault | None:
    """Count a wrong password, unless the invitation is another by now; returns what is to be told."""
    if knocked.missed is None:
        return knocked.fault
    store, now = work.writing(), ports.clock.now()
    locked = store.invitations.lock(knocked.missed.id)
    if locked is None or locked.credentials != knocked.missed.credentials:
        return knocked.fault
    if locked.state_at(now) is not InvitationState.OPEN:
        return _OF_STATE[InvitationState.VOIDED] if locked.state is InvitationState.VOIDED else knocked.fault
    after = locked.missed(now, ports.invitations.most_wrong)
    store.invitations.save(after)
    if after.state is not InvitationState.VOIDED:
        return knocked.fault
    work.record(InvitationTurned(InvitationTurn.VOIDED, after, BY_GUESSING, now))
    return _OF_STATE[InvitationState.VOIDED]


def take(
    opened: Invitation, store: Store, now: datetime, registration_id: UUID | None = None
) -> tuple[Invitation, Fault | None]:
    """The invitation as it stands under the lock, with the fault that keeps it from being taken now."""
    locked = store.invitations.lock(opened.id)
    if locked is None or locked.credentials != opened.credentials:
        return opened, _UNKNOWN
    return locked, _fault(locked, now, registration_id)


def _fault(invitation: Invitation, now: datetime, registration_id: UUID | None) -> Fault | None:
    state = invitation.state_at(now)
    if state is InvitationState.UNCONFIRMED and invitation.registration_id == registration_id is not None:
        return None
    return None if state is InvitationState.OPEN else _OF_STATE[state]
