"""When jobs are due: by the wall clock of a named time zone, also where it is put forward or back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_HOUR = timedelta(hours=1)


class Calendar(Protocol):
    """A row of moments without an end."""

    def latest(self, now: datetime) -> datetime:
        """The last of them that is not after `now`, in UTC."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Once on every day of the zone.

    Where the clock is put forward over `at`, it is as long after the jump as it would have been without one; where it
    is put back, the first of the two counts.
    """

    at: time
    zone: ZoneInfo

    def latest(self, now: datetime) -> datetime:
        today = now.astimezone(self.zone).date()
        due = self._on(today.toordinal())
        return due if due <= now else self._on(today.toordinal() - 1)

    def __str__(self) -> str:
        return f"daily at {self.at:%H:%M}, {self.zone.key}"

    def _on(self, day: int) -> datetime:
        date = datetime.fromordinal(day)
        return datetime.combine(date, self.at, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Hourly:
    """Once in every hour that passes, at this minute of the zone's clock."""

    minute: int
    zone: ZoneInfo

    def latest(self, now: datetime) -> datetime:
        offset = now.astimezone(self.zone).utcoffset() or timedelta()
        wall = now.astimezone(UTC) + offset
        due = wall.replace(minute=self.minute, second=0, microsecond=0)
        return (due if due <= wall else due - _HOUR) - offset

    def __str__(self) -> str:
        return f"hourly at minute {self.minute}, {self.zone.key}"
