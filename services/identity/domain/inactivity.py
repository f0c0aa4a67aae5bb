"""What becomes of accounts that nobody uses: warned, disabled, and in the end removed (IDN-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class InactivityRules:
    """Days since an account was last used; `warnings` are days before it is disabled, the longest first."""

    disabled: timedelta = timedelta(days=365)
    removed: timedelta = timedelta(days=730)
    warnings: tuple[timedelta, ...] = (timedelta(days=30), timedelta(days=7))

    def idle_before(self, after: timedelta, moment: datetime) -> datetime:
        """Whoever was last active by then has been idle for so long at that moment."""
        return moment - after


@dataclass(frozen=True, slots=True)
class IdleSpan:
    """Accounts that were last active after `after`, if that is set, and by `until`."""

    until: datetime
    after: datetime | None = None
