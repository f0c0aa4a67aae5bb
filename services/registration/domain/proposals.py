"""What two support agents do about a practice's managers together: one proposes, another confirms (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from chassis.kernel.errors import ForbiddenError
from services.registration.domain.lines import Lines


class SecondAgentNeededError(ForbiddenError):
    """Whoever proposed it never confirms it."""

    code: ClassVar[str] = "second_agent_needed"


class OwnAppointmentError(ForbiddenError):
    """No agent acts on who manages a practice where the person meant is that agent."""

    code: ClassVar[str] = "own_appointment"


class ProposalKind(StrEnum):
    """To make somebody an access manager, or to remove a wrong or fraudulent one."""

    APPOINT = "appoint"
    REMOVE = "remove"


class ProposalState(StrEnum):
    """How far a proposal is.

    `confirmed` is what entitlements is to make so; `refused` is what rules forbade there; `lapsed` what became
    needless before anybody confirmed it.
    """

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    REFUSED = "refused"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposal for one person at a TIN; of a TIN at most one is undecided.

    `proof` tells what the agent has seen that shows it to be right.
    """

    id: UUID
    tin: str
    lines: Lines
    kind: ProposalKind
    user_id: str
    proof: str
    proposed_by: str
    proposed_at: datetime
    state: ProposalState = ProposalState.PROPOSED
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.proposed_by == self.user_id:
            raise OwnAppointmentError("An agent never proposes anything about themselves: leave it to others.")

    @property
    def is_undecided(self) -> bool:
        """Whether a second agent can still confirm it."""
        return self.state is ProposalState.PROPOSED

    def confirmed(self, by: str, at: datetime) -> Proposal:
        """Confirmed by a second agent; raises `SecondAgentNeededError`, `OwnAppointmentError`."""
        if by == self.proposed_by:
            raise SecondAgentNeededError("A second support agent confirms: whoever proposed it cannot.")
        if by == self.user_id:
            raise OwnAppointmentError("An agent never confirms anything about themselves: leave it to others.")
        return self._decided(ProposalState.CONFIRMED, at, by)

    def rejected(self, by: str, at: datetime, note: str) -> Proposal:
        """Not to be done, as an agent says, perhaps the one who proposed it."""
        return self._decided(ProposalState.REJECTED, at, by, note)

    def refused(self, at: datetime, code: str) -> Proposal:
        """Confirmed, but forbidden by this rule."""
        return self._decided(ProposalState.REFUSED, at, self.decided_by, code)

    def lapsed(self, at: datetime) -> Proposal:
        """Needless by now."""
        return self._decided(ProposalState.LAPSED, at)

    def _decided(self, state: ProposalState, at: datetime, by: str | None = None, note: str | None = None) -> Proposal:
        return replace(self, state=state, decided_by=by, decided_at=at, note=note)
