"""The store in memory, and a small world to try use cases in."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from chassis.kernel.cause import Cause
from chassis.kernel.messages import Event
from chassis.testing.clocks import StandingClock
from services.entitlements.adapters.xlsx_workbook import xlsx_workbook
from services.entitlements.application.items import version_of
from services.entitlements.application.listings import Listings
from services.entitlements.application.ports import Limits, Ports
from services.entitlements.application.relining import Relinings
from services.entitlements.application.review_ports import Reviews
from services.entitlements.domain.access import Access
from services.entitlements.domain.bulk_changes import BulkChange
from services.entitlements.domain.checking import Knowledge, Question
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.people import AccountState, Person, Profile
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.practices import Practice
from services.entitlements.domain.requests import Request, RequestState
from services.entitlements.domain.waiting import Overdue
from tests.unit.entitlements.rulebook import CATALOGUE, HERE, NOW, day

Kind = TypeVar("Kind", bound=Event)


@dataclass
class FakePeople:
    rows: dict[str, Person] = field(default_factory=dict)

    def of(self, user_ids: Collection[str]) -> Mapping[str, Person]:
        return {user_id: self.rows[user_id] for user_id in user_ids if user_id in self.rows}

    def lock(self, user_id: str) -> Person | None:
        return self.rows.get(user_id)

    def lock_all(self, user_ids: Collection[str]) -> None:
        """Nobody else is here."""

    def put(self, person: Person) -> None:
        self.rows[person.user_id] = person


@dataclass
class FakePractices:
    rows: dict[str, Practice] = field(default_factory=dict)

    def of(self, tins: Collection[str]) -> Mapping[str, Practice]:
        return {tin: self.rows[tin] for tin in tins if tin in self.rows}

    def claim(self, tin: str) -> Practice | None:
        return self.rows.get(tin)

    def put_newer(self, practices: Sequence[Practice]) -> None:
        for practice in practices:
            if practice.tin not in self.rows or self.rows[practice.tin].version < practice.version:
                self.rows[practice.tin] = practice


@dataclass
class FakeLines:
    locked: set[str] = field(default_factory=set)

    def lock(self, tins: Collection[str]) -> None:
        self.locked |= set(tins)


@dataclass
class FakeAccesses:
    rows: dict[str, Access] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def standing_of(self, user_ids: Collection[str]) -> Sequence[Access]:
        return [row for row in self.rows.values() if row.user_id in user_ids and row.ended_at is None]

    def managers_at(self, tins: Collection[str]) -> Sequence[Access]:
        return [row for row in self.rows.values() if row.place.tin in tins and row.ended_at is None and row.manages]

    def intervals(self, access_ids: Collection[str]) -> Mapping[str, Access]:
        return {access_id: self.rows[access_id] for access_id in access_ids if access_id in self.rows}

    def standing_at(self, places: Collection[Place]) -> Sequence[Access]:
        return [row for row in self.rows.values() if row.place in places and row.ended_at is None]

    def astray(self, practices: Sequence[Practice], now: datetime, limit: int) -> Sequence[Access]:
        raise NotImplementedError("lines are followed on a real database")

    def tins_astray(self, practices: Sequence[Practice], now: datetime) -> frozenset[str]:
        raise NotImplementedError("lines are followed on a real database")

    def past_places(self, user_ids: Collection[str]) -> Mapping[str, frozenset[Place]]:
        ended = [row for row in self.rows.values() if row.ended_at is not None]
        return {user: frozenset(row.place for row in ended if row.user_id == user) for user in user_ids}

    def over(self, as_of: datetime, limit: int) -> Sequence[Access]:
        found = [row for row in self.rows.values() if row.has_lapsed(as_of)]
        return sorted(found, key=lambda row: (row.grant.until or NOW, row.access_id))[:limit]

    def count_over(self, as_of: datetime) -> int:
        return len(self.over(as_of, len(self.rows)))

    def take_unannounced(self, after: datetime, until: datetime, limit: int) -> Sequence[Access]:
        found = self._unannounced(after, until)[:limit]
        self.told |= {row.access_id for row in found}
        return found

    def count_unannounced(self, after: datetime, until: datetime) -> int:
        return len(self._unannounced(after, until))

    def _unannounced(self, after: datetime, until: datetime) -> Sequence[Access]:
        soon = [row for row in self.over(until, len(self.rows)) if not row.has_lapsed(after)]
        return [row for row in soon if row.access_id not in self.told]

    def add(self, access: Access) -> None:
        standing = self.standing_of([access.user_id])
        assert access.place not in {each.place for each in standing}, "two intervals open at once"
        self.rows[access.access_id] = access

    def end(self, access_id: str, at: datetime, by: str) -> None:
        assert self.rows[access_id].ended_at is None, "an interval is closed once"
        self.rows[access_id] = replace(self.rows[access_id], ended_at=at, ended_by=by)


@dataclass
class FakeSuspensions:
    accesses: FakeAccesses

    def begin(
        self, accesses: Collection[Access], cause: str, at: datetime, functions: Collection[str] | None = None
    ) -> None:
        raise NotImplementedError("reviews are tried on a real database")

    def end(self, accesses: Collection[Access], cause: str, at: datetime) -> Sequence[Access]:
        return ()


@dataclass
class FakeBulkChanges:
    rows: dict[str, BulkChange] = field(default_factory=dict)

    def add(self, change: BulkChange) -> None:
        self.rows[change.change_id] = change

    def get(self, change_id: str) -> BulkChange | None:
        return self.rows.get(change_id)

    def mark_undone(self, change_id: str, at: datetime) -> None:
        self.rows[change_id] = replace(self.rows[change_id], undone_at=at)


@dataclass
class FakeChecks:
    store: FakeStore

    def known(self, questions: Sequence[Question]) -> Sequence[Knowledge]:
        return [self._known(each.user_id, each.place) for each in questions]

    def _known(self, user_id: str, place: Place | None) -> Knowledge:
        person = self.store.people.rows.get(user_id)
        practice = self.store.practices.rows.get(place.tin) if place else None
        here = [row for row in self.store.accesses.rows.values() if (row.user_id, row.place) == (user_id, place)]
        return Knowledge(
            account=person.state if person else None,
            lines=practice.lines if practice else None,
            standing=next((row.standing for row in here if row.standing), None),
            had_access=bool(here),
        )


@dataclass
class FakeRequests:
    rows: dict[str, Request] = field(default_factory=dict)

    def get(self, request_id: str) -> Request | None:
        return self.rows.get(request_id)

    def lock(self, request_id: str) -> Request | None:
        return self.rows.get(request_id)

    def open_of(self, user_id: str) -> Sequence[Request]:
        return [row for row in self.rows.values() if row.user_id == user_id and row.is_open]

    def waiting_at(self, places: Collection[Place]) -> Sequence[Request]:
        return [row for row in self.rows.values() if row.place in places and row.is_waiting]

    def overdue(self, overdue: Overdue, limit: int) -> Sequence[Request]:
        found = [row for row in self.rows.values() if overdue.holds(row)]
        return sorted(found, key=lambda row: (row.decidable_since or NOW, row.request_id))[:limit]

    def count_overdue(self, overdue: Overdue) -> int:
        return len(self.overdue(overdue, len(self.rows)))

    def add(self, request: Request) -> None:
        assert request.request_id not in self.rows
        self.rows[request.request_id] = request

    def save(self, request: Request) -> None:
        assert request.request_id in self.rows
        self.rows[request.request_id] = request


@dataclass
class FakeStore:
    people: FakePeople = field(default_factory=FakePeople)
    practices: FakePractices = field(default_factory=FakePractices)
    lines: FakeLines = field(default_factory=FakeLines)
    accesses: FakeAccesses = field(default_factory=FakeAccesses)
    requests: FakeRequests = field(default_factory=FakeRequests)
    bulk_changes: FakeBulkChanges = field(default_factory=FakeBulkChanges)

    @property
    def suspensions(self) -> FakeSuspensions:
        return FakeSuspensions(self.accesses)

    @property
    def relinings(self) -> Relinings:
        raise NotImplementedError("lines are followed on a real database")

    @property
    def reviews(self) -> Reviews:
        raise NotImplementedError("reviews are tried on a real database")

    @property
    def listings(self) -> Listings:
        raise NotImplementedError("lists are tried on a real database")


@dataclass
class FakeWork:
    store: FakeStore
    events: list[Event] = field(default_factory=list)
    wrote: bool = False

    @property
    def cause(self) -> Cause:
        return Cause("user:test", "correlation")

    @contextlib.contextmanager
    def reading(self) -> Iterator[FakeStore]:
        yield self.store

    def writing(self) -> FakeStore:
        self.wrote = True
        return self.store

    def acting_as(self, actor: str) -> None:
        raise AssertionError("nobody acts as another here")

    def record(self, *events: Event) -> None:
        self.events.extend(events)

    def recorded(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]


class World:
    """People, practices and access, put together in a few words."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self.store = FakeStore()
        self.clock = StandingClock(NOW)
        self.ports = Ports(self.clock, CATALOGUE, xlsx_workbook, FakeChecks(self.store), limits or Limits())
        self.practice(HERE.tin, "State Medical Center", Line.MEDICAL, Line.BEHAVIORAL)

    def work(self) -> FakeWork:
        return FakeWork(self.store)

    def practice(self, tin: str, name: str, *lines: Line, version: int = 1) -> None:
        self.store.practices.put_newer([Practice(tin, name, frozenset(lines), version)])

    def person(self, user_id: str, state: AccountState = AccountState.ACTIVE) -> Person:
        profile = Profile(user_id.title(), "Example", f"{user_id}@example.com", phone="+12015550123")
        return self.store.people.rows.setdefault(user_id, Person(user_id, profile, state))

    def give(
        self, user_id: str, level: str, *functions: str, place: Place = HERE, until: int = 0, suspended: str = ""
    ) -> Access:
        self.person(user_id)
        access = Access(
            access_id=f"{user_id} {place.tin} {place.line} {len(self.store.accesses.rows)}",
            user_id=user_id,
            place=place,
            grant=Grant.of(Level(level), functions, day(until)),
            given_by="system:test",
            since=NOW,
            suspended=frozenset({suspended} - {""}),
        )
        self.store.accesses.add(access)
        return access

    def ask(
        self, user_id: str, place: Place = HERE, state: RequestState = RequestState.AWAITING, name: str = ""
    ) -> Request:
        self.person(user_id)
        request = Request(name or f"request of {user_id}", user_id, place, state, NOW, None, NOW, NOW)
        self.store.requests.add(request)
        return request

    def held(self, user_id: str, place: Place = HERE) -> Grant | None:
        standing = self.store.accesses.standing_of([user_id])
        return next((row.grant for row in standing if row.place == place and row.is_held(self.clock.now())), None)

    def version(self, user_id: str, *places: Place) -> frozenset[str]:
        standing = self.store.accesses.standing_of([user_id])
        seen = [row for row in standing if not places or row.place in places]
        return frozenset({version_of(seen, self.clock.now())})

    def request(self, request_id: str) -> Request:
        return self.store.requests.rows[request_id]
