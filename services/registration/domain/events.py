"""What registration tells the other services; `events/published.py` gives it its public form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.kernel.messages import Event
from services.registration.domain.accounts import Account
from services.registration.domain.invitations import Invitation
from services.registration.domain.lines import Lines
from services.registration.domain.nominations import Nominee
from services.registration.domain.outreach import Attempt, OutreachCase
from services.registration.domain.people_imports import PeopleImport
from services.registration.domain.practices import Practice
from services.registration.domain.proposals import Proposal
from services.registration.domain.registrations import Registration


@dataclass(frozen=True, slots=True)
class DirectoryChanged(Event):
    """Practices that are new in the directory or changed: up to 1 000 (REG-17)."""

    batch: UUID
    practices: tuple[Practice, ...]


@dataclass(frozen=True, slots=True)
class PracticeLinesChanged(Event):
    """A practice gained or lost lines of business; access on a lost one is to be suspended (REG-17)."""

    practice: Practice
    before: Lines

    @property
    def gained(self) -> Lines:
        """Lines that it did not have."""
        return tuple(line for line in self.practice.lines if line not in self.before)

    @property
    def lost(self) -> Lines:
        """Lines that it has no more."""
        return tuple(line for line in self.before if line not in self.practice.lines)


@dataclass(frozen=True, slots=True)
class RegistrationSubmitted(Event):
    """An applicant submitted; identity makes the reserved account, entitlements the requests (REG-9)."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class RegistrationLapsed(Event):
    """Nobody confirmed the address in time: identity ends the account, if it has not heard otherwise (REG-9)."""

    registration: Registration
    at: datetime


@dataclass(frozen=True, slots=True)
class OutreachOpened(Event):
    """A practice's line without a manager is asked for: support is to find one (REG-13)."""

    case: OutreachCase
    request_id: UUID | None


@dataclass(frozen=True, slots=True)
class ImportFinished(Event):
    """A file was carried out: everybody in it is invited, or nobody (REG-16)."""

    ended: PeopleImport
    at: datetime


class InvitationTurn(StrEnum):
    """What became of an invitation (REG-14, REG-15)."""

    CREATED = "created"
    CHANGED = "changed"
    RENEWED = "renewed"
    REVOKED = "revoked"
    VOIDED = "voided"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class InvitationTurned(Event):
    """An invitation as it is now; `by` is a user ID or `system:<part>`.

    `replaces` is the temporary ID that it had before, where that opens nothing any more.
    """

    turn: InvitationTurn
    invitation: Invitation
    by: str
    at: datetime
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationRedeemed(Event):
    """An account has redeemed it: entitlements decides what is given (REG-14, GO-2)."""

    invitation: Invitation
    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InvitationForgotten(Event):
    """Nobody redeemed it: whom it was for is to be forgotten everywhere. `invitation` is as it was before."""

    invitation: Invitation
    at: datetime


@dataclass(frozen=True, slots=True)
class ManagerNominated(Event):
    """An applicant named somebody else as manager of a practice that has none: a proposal only (REG-11)."""

    case: OutreachCase
    request_id: UUID
    registration: Registration
    nominee: Nominee


@dataclass(frozen=True, slots=True)
class OutreachAttempted(Event):
    """Support tried to reach a practice."""

    attempt: Attempt
    cases: tuple[OutreachCase, ...]


@dataclass(frozen=True, slots=True)
class OutreachOverdue(Event):
    """A case was not closed by when it was due."""

    case: OutreachCase
    at: datetime


@dataclass(frozen=True, slots=True)
class ManagerChangeProposed(Event):
    """An agent proposes a manager, or to remove one; `account` is whom."""

    proposal: Proposal
    practice: str | None
    account: Account | None


@dataclass(frozen=True, slots=True)
class ManagerChangeConfirmed(Event):
    """A second agent confirmed: entitlements makes it so."""

    proposal: Proposal
    practice: str | None


@dataclass(frozen=True, slots=True)
class ManagerChangeRejected(Event):
    """An agent said that a proposal is not to be done."""

    proposal: Proposal
    practice: str | None


@dataclass(frozen=True, slots=True)
class OutreachClosed(Event):
    """A case has ended; `by` is the agent who gave it up, None where it ended by what came of it."""

    case: OutreachCase
    by: str | None
