"""Access as intervals of time (ENT-12): a change closes one and opens the next; nothing written is ever rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Place

BY_TIME = "system:time"
"""Who ends access that reaches its own end."""

REVIEW = "review"
"""The cause of a suspension: nobody decided about it in an access review (ENT-13)."""

LINE_LOST = "line_lost"
"""The directory has the practice without this line of business (REG-17)."""

ACCOUNT_DISABLED = "account_disabled"
"""Nobody may sign in to the account (IDN-13)."""

CAUSES = (REVIEW, LINE_LOST, ACCOUNT_DISABLED)
"""Why access may be suspended (ENT-14); each ends with the access at the latest."""


def held_back(causes: frozenset[str], *, disabled: bool) -> frozenset[str]:
    """The causes that suspend access which follows upon access with these, of an account that is disabled or not."""
    return causes | {ACCOUNT_DISABLED} if disabled else causes


class AccessState(StrEnum):
    """What an interval is worth at a moment."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """What open access is worth: its functions, up to its end, unless something suspends it, or some of them."""

    functions: frozenset[str]
    until: datetime | None
    is_suspended: bool
    withheld: frozenset[str] = frozenset()

    def has_lapsed(self, now: datetime) -> bool:
        """Whether its own end has come, though nobody has closed it yet (ENT-11)."""
        return self.until is not None and self.until <= now

    def state(self, now: datetime) -> AccessState:
        """What it is worth now; its end holds at once, before any job has seen it."""
        if self.has_lapsed(now):
            return AccessState.ENDED
        return AccessState.SUSPENDED if self.is_suspended else AccessState.ACTIVE


@dataclass(frozen=True, slots=True)
class Access:
    """What one user could do at one place, unchanged from `since` until `ended_at`; None means it still stands.

    `given_by` and `ended_by` are user IDs, or `system:<part>`; `request_id` is the request that it answered,
    `suspended` the causes that keep it from counting as held, and `withheld` the functions that alone are suspended
    (ENT-14).
    """

    access_id: str
    user_id: str
    place: Place
    grant: Grant
    given_by: str
    since: datetime
    request_id: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    suspended: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()

    @property
    def standing(self) -> Standing | None:
        """What it is worth while it stands; None once it is closed."""
        if self.ended_at is not None:
            return None
        return Standing(self.grant.functions, self.grant.until, bool(self.suspended), self.withheld)

    def has_lapsed(self, now: datetime) -> bool:
        """Whether its own end has come, though nobody has closed it yet (ENT-11)."""
        return self.standing is not None and self.standing.has_lapsed(now)

    def state(self, now: datetime) -> AccessState:
        """What it is worth now."""
        return AccessState.ENDED if self.standing is None else self.standing.state(now)

    def is_held(self, now: datetime) -> bool:
        """Whether it counts now."""
        return self.state(now) is AccessState.ACTIVE

    @property
    def counting(self) -> Grant | None:
        """What of it counts while it stands: None while it is suspended, and nothing that is withheld."""
        if self.suspended:
            return None
        return Grant(self.grant.level, self.grant.functions - self.withheld, self.grant.until)

    @property
    def manages(self) -> bool:
        """Whether it makes its holder an access manager of the place."""
        return self.grant.level is Level.PRIMARY

    @property
    def lasts(self) -> bool:
        """Whether it counts toward the managers that a line must keep: without an end, and not suspended (ENT-3)."""
        return self.manages and self.grant.until is None and not self.suspended
