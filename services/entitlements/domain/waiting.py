"""What comes of requests that nobody decides: managers are reminded twice, and in the end they expire (REG-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.entitlements.domain.requests import WAITING, Request, RequestState

_AWAITING = frozenset({RequestState.AWAITING})


@dataclass(frozen=True, slots=True)
class Overdue:
    """Requests in one of `states` that could be decided since `since` or earlier, but after `after`, and of which
    managers were reminded fewer than `reminders` times. None is no limit.
    """

    states: frozenset[RequestState]
    since: datetime
    after: datetime | None = None
    reminders: int | None = None

    def holds(self, request: Request) -> bool:
        """Whether the request is one of them."""
        decidable = request.decidable_since
        return (
            request.state in self.states
            and decidable is not None
            and decidable <= self.since
            and (self.after is None or decidable > self.after)
            and (self.reminders is None or request.reminders < self.reminders)
        )


@dataclass(frozen=True, slots=True)
class WaitingRules:
    """After how long each step comes, from when a manager could first decide. Of steps missed the last alone is made up
    for: nobody gets a reminder together with the final one. `announce` is how long before its end access is told to end
    (ENT-11).
    """

    remind: timedelta = timedelta(days=15)
    remind_finally: timedelta = timedelta(days=30)
    expire: timedelta = timedelta(days=60)
    announce: timedelta = timedelta(days=14)

    def to_remind(self, as_of: datetime) -> Overdue:
        """Those whose managers are due to be reminded; where there is none now, there is nobody to remind."""
        return Overdue(_AWAITING, as_of - self.remind, after=as_of - self.remind_finally, reminders=1)

    def to_remind_finally(self, as_of: datetime) -> Overdue:
        """Those whose managers are due to be reminded for the last time."""
        return Overdue(_AWAITING, as_of - self.remind_finally, after=as_of - self.expire, reminders=2)

    def to_expire(self, as_of: datetime) -> Overdue:
        """Those that end, also where the managers who could decide have gone since."""
        return Overdue(WAITING, as_of - self.expire)
