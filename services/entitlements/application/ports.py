"""What the use cases need of the outside: repositories in a `Store`, and what else they are handed in `Ports`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chassis.kernel.clock import Clock
from services.entitlements.application.listings import Listings
from services.entitlements.application.relining import Relinings
from services.entitlements.application.review_ports import Reviews
from services.entitlements.domain.access import Access
from services.entitlements.domain.bulk_changes import BulkChange
from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.checking import Knowledge, Question
from services.entitlements.domain.manager_limits import MOST_MANAGERS
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Place
from services.entitlements.domain.practices import Practice
from services.entitlements.domain.requests import Request
from services.entitlements.domain.reviews import ReviewRules
from services.entitlements.domain.waiting import Overdue, WaitingRules


class People(Protocol):
    """What is known of people, by canonical user ID."""

    def of(self, user_ids: Collection[str]) -> Mapping[str, Person]:
        """Those of these people who are known."""

    def lock(self, user_id: str) -> Person | None:
        """The person, whose row nobody else locks until the transaction ends; None for one unknown."""

    def lock_all(self, user_ids: Collection[str]) -> None:
        """The same of these people, in sorted order, so that two who want the same ones never block each other."""

    def put(self, person: Person) -> None:
        """Keep the person as given, in place of what was known."""


class Practices(Protocol):
    """What is known of the directory."""

    def of(self, tins: Collection[str]) -> Mapping[str, Practice]:
        """Those of these practices that the directory has."""

    def claim(self, tin: str) -> Practice | None:
        """The practice, which stays as it is until the transaction ends; None where another has it, or nobody.

        Taken before people's rows.
        """

    def put_newer(self, practices: Sequence[Practice]) -> None:
        """Keep each that is new or has a higher version than the one known; the others change nothing."""


class PracticeLines(Protocol):
    """One row per TIN and line, for nothing but to be locked (ENT-3)."""

    def lock(self, tins: Collection[str]) -> None:
        """Keep everybody else from changing access or opening requests at any line of these TINs.

        Locks are taken in sorted order, so that two who want the same ones wait and never block each other. Taken
        after people's rows and before requests'.
        """


class Accesses(Protocol):
    """Intervals of access."""

    def standing_of(self, user_ids: Collection[str]) -> Sequence[Access]:
        """What nobody has closed yet of these users' access, with its suspensions; lapsed access is among it."""

    def managers_at(self, tins: Collection[str]) -> Sequence[Access]:
        """What nobody has closed yet of primary administrators' access at these TINs."""

    def intervals(self, access_ids: Collection[str]) -> Mapping[str, Access]:
        """These intervals by their IDs, closed ones too; without their suspensions."""

    def standing_at(self, places: Collection[Place]) -> Sequence[Access]:
        """What nobody has closed yet at these places, of anybody."""

    def astray(self, practices: Sequence[Practice], now: datetime, limit: int) -> Sequence[Access]:
        """At most `limit` of what does not follow the lines of these practices, by place and user: neither closed nor
        lapsed, and either at a line that is not there without being suspended for it, or suspended for one that is.
        """

    def tins_astray(self, practices: Sequence[Practice], now: datetime) -> frozenset[str]:
        """Where there is any of it."""

    def past_places(self, user_ids: Collection[str]) -> Mapping[str, frozenset[Place]]:
        """Where each of these users had access that has been closed."""

    def add(self, access: Access) -> None:
        """Open an interval; there is never another one open for the same user and place."""

    def end(self, access_id: str, at: datetime, by: str) -> None:
        """Close an interval."""

    def over(self, as_of: datetime, limit: int) -> Sequence[Access]:
        """At most `limit` of what nobody has closed yet though it ends by then, earliest first; not locked."""

    def count_over(self, as_of: datetime) -> int:
        """How much there is of it."""

    def take_unannounced(self, after: datetime, until: datetime, limit: int) -> Sequence[Access]:
        """At most `limit` of what ends between the two and was never taken so, earliest first; noted as taken."""

    def count_unannounced(self, after: datetime, until: datetime) -> int:
        """How much there is of it."""


class Suspensions(Protocol):
    """What keeps access from counting, by its cause (ENT-14)."""

    def begin(
        self, accesses: Collection[Access], cause: str, at: datetime, functions: Collection[str] | None = None
    ) -> None:
        """Suspend what these users have at these places, wholly or these functions of it; once for each cause."""

    def end(self, accesses: Collection[Access], cause: str, at: datetime) -> Sequence[Access]:
        """The cause is gone; returns what it had suspended, by place and user."""


class BulkChanges(Protocol):
    """Changes of many people's access that were made as one."""

    def add(self, change: BulkChange) -> None:
        """Keep a new one."""

    def get(self, change_id: str) -> BulkChange | None:
        """The change as it stands; in a writing transaction nobody else has it until the end."""

    def mark_undone(self, change_id: str, at: datetime) -> None:
        """It was undone."""


class Checks(Protocol):
    """What answers stand on, as it is committed (ENT-10)."""

    def known(self, questions: Sequence[Question]) -> Sequence[Knowledge]:
        """What is known for each of these questions, in their order, all of one moment."""


class Requests(Protocol):
    """Requests."""

    def get(self, request_id: str) -> Request | None:
        """The request as it stands."""

    def lock(self, request_id: str) -> Request | None:
        """The request as it stands; in a writing transaction nobody else locks it until the end."""

    def open_of(self, user_id: str) -> Sequence[Request]:
        """The user's open requests, unconfirmed ones too; locked in a writing transaction."""

    def waiting_at(self, places: Collection[Place]) -> Sequence[Request]:
        """What waits at these places; locked in a writing transaction."""

    def overdue(self, overdue: Overdue, limit: int) -> Sequence[Request]:
        """At most `limit` of these, those that wait longest first; not locked."""

    def count_overdue(self, overdue: Overdue) -> int:
        """How many there are of these."""

    def add(self, request: Request) -> None:
        """Keep a new request."""

    def save(self, request: Request) -> None:
        """Keep the next state of a request."""


class Store(Protocol):
    """One transaction's view of this service's database."""

    @property
    def people(self) -> People: ...
    @property
    def practices(self) -> Practices: ...
    @property
    def lines(self) -> PracticeLines: ...
    @property
    def accesses(self) -> Accesses: ...
    @property
    def suspensions(self) -> Suspensions: ...
    @property
    def relinings(self) -> Relinings: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def bulk_changes(self) -> BulkChanges: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def listings(self) -> Listings: ...


Workbook = Callable[[str, Iterable[Sequence[str]]], bytes]
"""Makes a document of a sheet's title and its rows, the first of which are the columns' titles."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many of each there may be."""

    managers_per_tin: int = MOST_MANAGERS
    open_requests_per_user: int = 50


@dataclass(frozen=True, slots=True)
class Ports:
    """What else the use cases are handed."""

    clock: Clock
    catalogue: Catalogue
    workbook: Workbook
    checks: Checks
    limits: Limits = field(default_factory=Limits)
    waiting: WaitingRules = field(default_factory=WaitingRules)
    reviews: ReviewRules = field(default_factory=ReviewRules)


def held_by(user_id: str, accesses: Iterable[Access], now: datetime) -> dict[Place, Access]:
    """What of these intervals the user holds now, by place: neither suspended nor over (ENT-14)."""
    return {access.place: access for access in accesses if access.user_id == user_id and access.is_held(now)}
