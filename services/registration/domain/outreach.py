"""Outreach: support's task to find an access manager for a practice that has none (REG-13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.registration.domain.lines import Line
from services.registration.domain.nominations import Nomination
from services.registration.domain.proposals import Proposal

DUE_AFTER = timedelta(days=10)


class Reason(StrEnum):
    """Why a case was opened."""

    REQUEST_WITHOUT_MANAGER = "request_without_manager"
    MANAGER_LOST = "manager_lost"
    MANAGERS_AWAY = "managers_away"
    ASKED_FOR = "asked_for"
    WRONG_MANAGER = "wrong_manager"


class CaseState(StrEnum):
    """Where a case stands: `overdue` follows from the time alone."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What a closed case came to."""

    MANAGER_FOUND = "manager_found"
    MANAGER_REMOVED = "manager_removed"
    GIVEN_UP = "given_up"


class Channel(StrEnum):
    """How support tried to reach a practice."""

    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person whose request waits for the case, as far as support needs to know; None where erased."""

    request_id: UUID
    user_id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    extension: str | None
    since: datetime
    nomination: Nomination | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A time that an agent tried to reach the practice of a TIN, and what came of it."""

    id: UUID
    tin: str
    at: datetime
    by: str
    channel: Channel
    reached: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachCase:
    """The task for one TIN and line; there is never more than one open for the same.

    `attempts` and `proposals` are those of the TIN while the case was open, the earliest first.
    """

    id: UUID
    tin: str
    line: Line
    practice: str | None
    reason: Reason
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    closing_note: str | None = None
    waiting: tuple[Waiting, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    def state(self, now: datetime) -> CaseState:
        """Where it stands at that moment."""
        if self.closed_at is not None:
            return CaseState.CLOSED
        return CaseState.OVERDUE if now >= self.due_at else CaseState.OPEN

    def spans(self, moment: datetime) -> bool:
        """Whether it was open then."""
        return self.opened_at <= moment and (self.closed_at is None or moment <= self.closed_at)

    def closed(self, at: datetime, outcome: Outcome, note: str | None = None) -> OutreachCase:
        """The case at its end."""
        return replace(self, closed_at=at, outcome=outcome, closing_note=note)


def with_work(case: OutreachCase, attempts: Iterable[Attempt], proposals: Iterable[Proposal]) -> OutreachCase:
    """The case with those of its TIN's attempts and proposals that belong to it."""
    return replace(
        case,
        attempts=tuple(each for each in attempts if case.spans(each.at)),
        proposals=tuple(each for each in proposals if case.line in each.lines and case.spans(each.proposed_at)),
    )
