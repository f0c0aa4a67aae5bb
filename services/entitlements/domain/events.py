"""What happened here, as facts (events.md, entitlements)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.messages import Event
from services.entitlements.domain.access import Access
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.people import Profile
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import Request
from services.entitlements.domain.reviews import Review, ReviewItem


class Turn(StrEnum):
    """What became of access."""

    GIVEN = "given"
    CHANGED = "changed"
    REMOVED = "removed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class AccessTurned(Event):
    """Access was given, changed or removed by somebody, or reached its end: `managers` are told of that.

    `temporary_id` is that of the invitation that it came by.
    """

    turn: Turn
    access_id: str
    user_id: str
    place: Place
    practice: str | None
    by: str
    at: datetime
    request_id: str | None
    before: Grant | None
    after: Grant | None
    profile: Profile
    managers: tuple[str, ...] = ()
    temporary_id: str | None = None


@dataclass(frozen=True, slots=True)
class AccessEnding(Event):
    """Access is about to reach its end; `managers` can move it."""

    access: Access
    practice: str | None
    managers: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class AccessSuspended(Event):
    """Access does not count for the time being, wholly or, where `functions` are named, as far as these go (ENT-14)."""

    access: Access
    practice: str | None
    cause: str
    functions: tuple[str, ...] | None
    before: Grant | None
    after: Grant | None
    by: str
    at: datetime
    managers: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class AccessRestored(Event):
    """What this cause had suspended counts again."""

    access: Access
    practice: str | None
    cause: str
    before: Grant | None
    after: Grant | None
    by: str
    at: datetime
    profile: Profile


@dataclass(frozen=True, slots=True)
class ReviewOpened(Event):
    """A review waits for the decisions of `managers`; `total` is how much there is to decide about."""

    review: Review
    practice: str | None
    total: int
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewReminderDue(Event):
    """A review ends soon; `managers` still have something to decide in it."""

    review: Review
    practice: str | None
    undecided: int
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewDecided(Event):
    """Somebody decided about one access."""

    item: ReviewItem
    practice: str | None
    profile: Profile


@dataclass(frozen=True, slots=True)
class ReviewClosed(Event):
    """A review is over; `outcome` is how many accesses came to which state."""

    review: Review
    practice: str | None
    outcome: Mapping[str, int]
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestOpened(Event):
    """A request waits for a decision, or for somebody who could take it."""

    request: Request
    practice: str | None
    managers: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class RequestApproved(Event):
    """Access was given on a request."""

    request: Request
    practice: str | None
    grant: Grant
    profile: Profile


@dataclass(frozen=True, slots=True)
class RequestDeclined(Event):
    """A manager refused a request, with a reason."""

    request: Request
    practice: str | None
    profile: Profile


@dataclass(frozen=True, slots=True)
class RequestWithdrawn(Event):
    """Its owner took a request back."""

    request: Request
    practice: str | None
    profile: Profile


@dataclass(frozen=True, slots=True)
class RequestReminderDue(Event):
    """A request has waited for so long that those who can decide it are reminded, at the end for the last time."""

    request: Request
    practice: str | None
    managers: tuple[str, ...]
    profile: Profile
    final: bool


@dataclass(frozen=True, slots=True)
class RequestExpired(Event):
    """Nobody decided a request in time; `managers` could have until now."""

    request: Request
    practice: str | None
    managers: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class ManagerAdded(Event):
    """Somebody became an access manager; `requests` are those that waited for one and can now be decided."""

    place: Place
    practice: str | None
    user_id: str
    by: str
    at: datetime
    managers: tuple[str, ...]
    requests: tuple[Request, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class ManagerRemoved(Event):
    """Somebody is no longer an access manager."""

    place: Place
    user_id: str
    by: str
    at: datetime
    managers: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class ManagersBelowTwo(Event):
    """A place fell to one access manager (ENT-3)."""

    place: Place
    practice: str | None
    managers: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PracticeWithoutManager(Event):
    """A place has lost its last access manager; `requests` are those that now wait for one."""

    place: Place
    practice: str | None
    at: datetime
    requests: tuple[Request, ...]


class Reduction(StrEnum):
    """Why an invitation did not give what it prepared."""

    OTHER_ADDRESS = "other_address"
    NOT_YOURS_TO_GIVE = "not_yours_to_give"


@dataclass(frozen=True, slots=True)
class ReducedPlace:
    """A place that an invitation was for, and the request that it became; `managers` can decide it."""

    place: Place
    practice: str | None
    request_id: str
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvitationReduced(Event):
    """Access that an invitation prepared became requests (REG-14)."""

    temporary_id: str
    user_id: str
    invited_by: str
    at: datetime
    reduction: Reduction
    places: tuple[ReducedPlace, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class ManagerAskedFor(Event):
    """A user of the TIN wishes that support look for an access manager (REG-13)."""

    place: Place
    practice: str | None
    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ManagerChangeRefused(Event):
    """What two support agents agreed upon about a TIN's managers is forbidden by a rule; nothing was done."""

    tin: str
    proposal_id: str
    user_id: str
    code: str
    at: datetime
