"""Access and requests as answers show them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.entitlements.domain.access import Access, AccessState
from services.entitlements.domain.levels import Level
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Line
from services.entitlements.domain.practices import Practice
from services.entitlements.domain.requests import Request, RequestState


@dataclass(frozen=True, slots=True)
class AccessItem:
    """One user's access at one place; a practice that the directory does not have has no name and no lines."""

    tin: str
    line: Line
    practice: str | None
    practice_lines: tuple[Line, ...]
    level: Level
    functions: tuple[str, ...]
    since: datetime
    until: datetime | None
    given_by: str
    state: AccessState
    suspended_functions: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestItem:
    """One request; the person's details, and who decided, are for those who decide it."""

    id: str
    user_id: str
    name: str | None
    email: str | None
    phone: str | None
    job_role: str | None
    tin: str
    practice: str | None
    practice_lines: tuple[Line, ...]
    line: Line
    state: RequestState
    since: datetime | None
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


def lines_of(practice: Practice | None) -> tuple[Line, ...]:
    """The lines that the directory gives a practice, sorted; none where it does not have it."""
    return tuple(sorted(practice.lines)) if practice else ()


def access_items(
    accesses: Iterable[Access], practices: Mapping[str, Practice], now: datetime
) -> tuple[AccessItem, ...]:
    """These intervals as items, sorted by TIN and line; what is over is left out."""
    standing = [access for access in accesses if access.state(now) is not AccessState.ENDED]
    standing.sort(key=lambda access: (access.place, access.user_id))
    return tuple(_access_item(access, practices, now) for access in standing)


def request_item(
    request: Request, person: Person | None, practice: Practice | None, *, for_owner: bool = False
) -> RequestItem:
    """A request as an item; its owner is not told which of the managers decided."""
    profile = person.profile if person else None
    return RequestItem(
        id=request.request_id,
        user_id=request.user_id,
        name=profile.name if profile else None,
        email=profile.email if profile else None,
        phone=profile.phone if profile else None,
        job_role=profile.job_role if profile else None,
        tin=request.place.tin,
        practice=practice.name if practice else None,
        practice_lines=lines_of(practice),
        line=request.place.line,
        state=request.state,
        since=request.since or request.submitted_at,
        reason=request.reason,
        decided_by=None if for_owner else request.decided_by,
        decided_at=request.decided_at,
    )


def version_of(accesses: Iterable[Access], now: datetime) -> str:
    """Names exactly this state of these intervals: any change to what is seen makes another version (ENT-7)."""
    standing = sorted(
        f"{access.access_id} {state}" for access in accesses if (state := access.state(now)) is not AccessState.ENDED
    )
    return hashlib.sha256("\n".join(standing).encode()).hexdigest()[:32]


def _access_item(access: Access, practices: Mapping[str, Practice], now: datetime) -> AccessItem:
    practice = practices.get(access.place.tin)
    return AccessItem(
        tin=access.place.tin,
        line=access.place.line,
        practice=practice.name if practice else None,
        practice_lines=lines_of(practice),
        level=access.grant.level,
        functions=tuple(sorted(access.grant.functions)),
        since=access.since,
        until=access.grant.until,
        given_by=access.given_by,
        state=access.state(now),
        suspended_functions=tuple(sorted(access.withheld & access.grant.functions)),
        causes=tuple(sorted(access.suspended)),
    )
