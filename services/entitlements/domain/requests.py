"""A user's wish for access to a place, and its one decision (REG-12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from services.entitlements.domain.errors import RequestAlreadyDecidedError
from services.entitlements.domain.places import Place


class RequestState(StrEnum):
    """How far a request is; nobody but its owner knows of an unconfirmed one (REG-9)."""

    UNCONFIRMED = "unconfirmed"
    AWAITING = "awaiting"
    NO_MANAGER = "no_manager"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


WAITING: Final = frozenset({RequestState.AWAITING, RequestState.NO_MANAGER})
BY_CALENDAR: Final = "system:jobs"
OPEN: Final = WAITING | {RequestState.UNCONFIRMED}


@dataclass(frozen=True, slots=True)
class Request:
    """A request; each step returns the next state of it, and raises `RequestAlreadyDecidedError` once it has ended.

    `since` is when it opened, `decidable_since` when a manager could first decide it: reminders and expiry count from
    then, and `reminders` says how many there were. `decided_by` is whoever decided, as `Access.given_by` is.
    """

    request_id: str
    user_id: str
    place: Place
    state: RequestState
    submitted_at: datetime
    registration_id: str | None = None
    since: datetime | None = None
    decidable_since: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    reminders: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it can still be decided."""
        return self.state in OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether it is open and its owner's e-mail address confirmed."""
        return self.state in WAITING

    def opened(self, at: datetime, *, managed: bool) -> Request:
        """Open for decision: awaiting one where there is a manager."""
        return _beside_managers(replace(self, since=at), at, managed=managed)

    def managers_changed(self, at: datetime, *, managed: bool) -> Request:
        """The same request where managers came or went; one that does not wait stays as it is."""
        return _beside_managers(self, at, managed=managed) if self.is_waiting else self

    def approved(self, by: str, at: datetime) -> Request:
        """Ended by access being given."""
        return self._ended(RequestState.APPROVED, by, at)

    def declined(self, by: str, at: datetime, reason: str) -> Request:
        """Ended without access, for a reason that its owner is told."""
        return self._ended(RequestState.DECLINED, by, at, reason)

    def withdrawn(self, at: datetime) -> Request:
        """Ended by its owner."""
        return self._ended(RequestState.WITHDRAWN, self.user_id, at)

    def reminded(self, reminders: int) -> Request:
        """The same request with its managers reminded so often."""
        return replace(self, reminders=reminders)

    def expired(self, at: datetime) -> Request:
        """Ended because nobody decided."""
        return self._ended(RequestState.EXPIRED, BY_CALENDAR, at)

    def _ended(self, state: RequestState, by: str, at: datetime, reason: str | None = None) -> Request:
        if not self.is_open:
            raise RequestAlreadyDecidedError
        return replace(self, state=state, decided_by=by, decided_at=at, reason=reason)


def _beside_managers(request: Request, at: datetime, *, managed: bool) -> Request:
    if not managed:
        return replace(request, state=RequestState.NO_MANAGER)
    return replace(request, state=RequestState.AWAITING, decidable_since=request.decidable_since or at)
