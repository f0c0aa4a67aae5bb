"""What follows from access managers coming and going: news, warnings, and requests that can or cannot be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Event
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Store
from services.entitlements.domain.access import LINE_LOST, Access
from services.entitlements.domain.events import (
    ManagerAdded,
    ManagerRemoved,
    ManagersBelowTwo,
    PracticeWithoutManager,
)
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import Request

_ADVISED = 2


@dataclass(frozen=True, slots=True)
class ManagerMove:
    """Somebody became an access manager (`came`), or is one no more; `counts` unless they are suspended."""

    place: Place
    person: Person
    came: bool
    counts: bool


def active_managers(places: Iterable[Place], store: Store, now: datetime) -> dict[Place, frozenset[str]]:
    """Who can decide at each of these places now."""
    return _managers(places, store, lambda access: access.is_held(now))


def tell_of_managers(work: UnitOfWork[Store], moves: Sequence[ManagerMove], by: str, at: datetime) -> None:
    """Record the news of these moves, which the store has already, and move waiting requests along (REG-12, ENT-3).

    Nobody comes or goes with a line of business (REG-17): where it is lost, who would manage with it still counts.
    """
    places = {move.place for move in moves}
    after = _managers(places, work.writing(), lambda access: _manages_with_its_line(access, at))
    for place in sorted(after):
        here = tuple(move for move in moves if move.place == place)
        _News(place, here, after[place], by, at).tell(work)


def _managers(places: Iterable[Place], store: Store, counts: Callable[[Access], bool]) -> dict[Place, frozenset[str]]:
    users: dict[Place, set[str]] = {place: set() for place in places}
    for access in store.accesses.managers_at({place.tin for place in users}):
        if access.place in users and counts(access):
            users[access.place].add(access.user_id)
    return {place: frozenset(some) for place, some in users.items()}


def _manages_with_its_line(access: Access, now: datetime) -> bool:
    return access.suspended <= {LINE_LOST} and not access.has_lapsed(now)


@dataclass(frozen=True, slots=True)
class _News:
    """What happened to the managers of one place; `after` can decide now."""

    place: Place
    moves: tuple[ManagerMove, ...]
    after: frozenset[str]
    by: str
    at: datetime

    @property
    def before(self) -> frozenset[str]:
        """Who could decide until now."""
        came = {move.person.user_id for move in self.moves if move.came and move.counts}
        went = {move.person.user_id for move in self.moves if not move.came and move.counts}
        return (self.after - came) | went

    def tell(self, work: UnitOfWork[Store]) -> None:
        """Record the facts, and move what waits here."""
        moved = self._move_requests(work) if bool(self.before) != bool(self.after) else ()
        practice = work.writing().practices.of([self.place.tin]).get(self.place.tin)
        name = practice.name if practice else None
        for move in self.moves:
            work.record(self._of_move(move, name, moved if self.after else ()))
        self._warn(work, name, moved)

    def _of_move(self, move: ManagerMove, practice: str | None, requests: tuple[Request, ...]) -> Event:
        user_id, profile, managers = move.person.user_id, move.person.profile, tuple(sorted(self.after))
        if move.came:
            return ManagerAdded(self.place, practice, user_id, self.by, self.at, managers, requests, profile)
        return ManagerRemoved(self.place, user_id, self.by, self.at, managers, profile)

    def _move_requests(self, work: UnitOfWork[Store]) -> tuple[Request, ...]:
        store = work.writing()
        waiting = store.requests.waiting_at([self.place])
        for request in waiting:
            store.requests.save(request.managers_changed(self.at, managed=bool(self.after)))
        return tuple(waiting)

    def _warn(self, work: UnitOfWork[Store], name: str | None, requests: tuple[Request, ...]) -> None:
        if self.before and not self.after:
            work.record(PracticeWithoutManager(self.place, name, self.at, requests))
        elif len(self.before) >= _ADVISED > len(self.after):
            work.record(ManagersBelowTwo(self.place, name, tuple(sorted(self.after)), self.at))
