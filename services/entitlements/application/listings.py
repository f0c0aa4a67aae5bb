"""The lists that people page through: their questions and their rows, as the database answers them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.entitlements.domain.access import Access
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import Request, RequestState

Position = tuple[str | int | bool | datetime | None, ...]
"""The sort key of the last row of a page."""


class View(StrEnum):
    """Which of the people around a manager's places are meant (ENT-6)."""

    AWAITING = "awaiting"
    ACTIVE = "active"
    INACTIVE = "inactive"
    ALL = "all"


class Sort(StrEnum):
    """The order of a list of users; with a minus before it, the other way round."""

    NAME = "name"
    NAME_DOWN = "-name"
    USER_ID = "user_id"
    USER_ID_DOWN = "-user_id"
    JOB_ROLE = "job_role"
    JOB_ROLE_DOWN = "-job_role"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list: at most `limit` rows after `after`, from the beginning where that is None."""

    limit: int = 50
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class UserSearch:
    """Who of the people around these places; `words` in search form must each begin a name or the user ID.

    With `user_id` it is this one, if they are among them.
    """

    places: frozenset[Place]
    view: View
    now: datetime
    words: tuple[str, ...] = ()
    sort: Sort = Sort.NAME
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class RequestSearch:
    """Which requests: at these places; or of this one user where `user_id` is set, perhaps at one TIN."""

    states: frozenset[RequestState]
    places: frozenset[Place] = frozenset()
    user_id: str | None = None
    tin: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user of a list, with what stands open for them at the places searched."""

    person: Person
    accesses: tuple[Access, ...]
    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request of a list, with its owner."""

    request: Request
    person: Person | None


class Listings(Protocol):
    """Answers lists with as few statements as there are kinds of rows."""

    def users(self, search: UserSearch, part: Slice) -> tuple[Sequence[UserRow], Position | None]:
        """A page of users, and where it ended if there are more."""

    def count_users(self, places: frozenset[Place], now: datetime) -> Mapping[View, int]:
        """How many each view has."""

    def requests(self, search: RequestSearch, part: Slice) -> tuple[Sequence[RequestRow], Position | None]:
        """A page of requests, those that wait longest first, and where it ended if there are more."""

    def count_waiting(self, places: Collection[Place]) -> Mapping[Place, int]:
        """How many requests wait at each of these places."""

    def access_at(self, places: Collection[Place], moment: datetime) -> Sequence[Access]:
        """Who had access to these places at that moment; what was suspended then is among it (ENT-12)."""

    def history_of(self, user_id: str, place: Place) -> Sequence[Access]:
        """Every interval of the user's access at the place, oldest first (ENT-12)."""
