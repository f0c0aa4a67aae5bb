"""Guessing passwords gets slow, then stops: failures of one user ID, known or not (IDN-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often something failed since it last succeeded; kept under a keyed hash of what was tried.

    `since` is when the counting began, `last_at` the latest failure, `blocked_until` when the next attempt counts.
    """

    failures: int = 0
    since: datetime | None = None
    last_at: datetime | None = None
    blocked_until: datetime | None = None

    def blocked_for(self, now: datetime) -> int:
        """Whole seconds until the next attempt is looked at; 0 when it is now."""
        if self.blocked_until is None or self.blocked_until <= now:
            return 0
        return ceil((self.blocked_until - now).total_seconds())


NO_FAILURES = FailureCount()


@dataclass(frozen=True, slots=True)
class ThrottleRules:
    """After `free` failures delays of 1, 2, 4, 8 … seconds, after `most` a lock; failures are forgotten in time."""

    free: int = 4
    most: int = 10
    lock: timedelta = timedelta(minutes=15)
    forget: timedelta = timedelta(hours=24)

    def locks(self, count: FailureCount) -> bool:
        """Whether so many failures mean a lock rather than a delay."""
        return count.failures >= self.most

    def standing(self, count: FailureCount, now: datetime) -> FailureCount:
        """The count as it is to be read now: a lock that is over and failures long past count no more."""
        served = self.locks(count) and not count.blocked_for(now)
        stale = count.last_at is not None and count.last_at + self.forget <= now
        return NO_FAILURES if served or stale else count

    def failed(self, count: FailureCount, now: datetime) -> FailureCount:
        """The count after one more failure; what is locked already stays as it is, so that a lock ends."""
        count = self.standing(count, now)
        if self.locks(count):
            return count
        failures = count.failures + 1
        until = now + self._pause_after(failures)
        return FailureCount(failures, count.since or now, now, until)

    def _pause_after(self, failures: int) -> timedelta:
        if failures >= self.most:
            return self.lock
        return timedelta(seconds=2 ** (failures - self.free)) if failures >= self.free else timedelta(0)


@dataclass(frozen=True, slots=True)
class TryRules:
    """So many wrong tries at a code, then none before a new code is asked for, or the old one is over (IDN-2).

    At most `elsewhere` of them are used up by flows that the code was not sent in.
    """

    most: int = 5
    elsewhere: int = 2
    window: timedelta = timedelta(minutes=10)

    def standing(self, count: FailureCount, now: datetime) -> FailureCount:
        """The count as it is to be read now."""
        over = count.since is not None and count.since + self.window <= now
        return NO_FAILURES if over else count

    def failed(self, count: FailureCount, now: datetime) -> FailureCount:
        """The count after one more wrong try; the last of them blocks."""
        count = self.standing(count, now)
        since, failures = count.since or now, count.failures + 1
        return FailureCount(failures, since, now, since + self.window if failures >= self.most else None)
