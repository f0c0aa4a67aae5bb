"""Looks at everything that a change of one user's access depends on, and has it judged; nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import ChangedMeanwhileError
from services.entitlements.application.items import AccessItem, access_items, version_of
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import Sight
from services.entitlements.domain.access import Access
from services.entitlements.domain.changes import Change, Wish
from services.entitlements.domain.delegation import judge
from services.entitlements.domain.judgement import Judgement
from services.entitlements.domain.manager_limits import Managers
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Place
from services.entitlements.domain.practices import Practice
from services.entitlements.domain.requests import Request


@dataclass(frozen=True, slots=True)
class Examined:
    """A change as it was judged, with what it was judged on."""

    sight: Sight
    judgement: Judgement
    requests: Mapping[Place, Request]
    practices: Mapping[str, Practice]
    tins: frozenset[str]

    def items(self, accesses: Iterable[Access], now: datetime) -> tuple[AccessItem, ...]:
        """What the giver sees of these intervals, at the TINs that the change is about."""
        seen = (each for each in accesses if each.place.tin in self.tins and self.sight.sees(each.place))
        return access_items(seen, self.practices, now)


def examine(sight: Sight, wishes: Collection[Wish], store: Store, ports: Ports, now: datetime) -> Examined:
    """Judge these wishes for the user in sight, against what the store has."""
    tins = frozenset(wish.place.tin for wish in wishes)
    standing = {access.place: access for access in sight.standing if not access.has_lapsed(now)}
    requests = {request.place: request for request in sight.requests}
    changes = [change_of(sight.person, wish, standing.get(wish.place), requests) for wish in wishes]
    judgement = judge(
        sight.giver,
        changes,
        managers_at(tins, store, now),
        ports.catalogue,
        most_managers=ports.limits.managers_per_tin,
    )
    return Examined(sight, judgement, requests, store.practices.of(tins), tins)


def without_line(places: Iterable[Place], practices: Mapping[str, Practice]) -> list[Place]:
    """Those at which nothing can be given: the directory has the practice without this line of business (ENT-4)."""
    return [each for each in places if each.tin in practices and each.line not in practices[each.tin].lines]


def managers_at(tins: Collection[str], store: Store, now: datetime) -> Managers:
    """The access managers of these TINs; whoever's end has come is none any more."""
    standing = [access for access in store.accesses.managers_at(tins) if not access.has_lapsed(now)]
    return Managers(
        _users(access for access in standing if access.manages),
        _users(access for access in standing if access.lasts),
    )


def check_version(sight: Sight, versions: frozenset[str] | None, now: datetime) -> None:
    """Raise `ChangedMeanwhileError` unless what the viewer read still stands; None admits whatever stands (ENT-7)."""
    if versions is not None and version_of(sight.visible, now) not in versions:
        raise ChangedMeanwhileError


def change_of(person: Person, wish: Wish, standing: Access | None, requests: Mapping[Place, Request]) -> Change:
    """The wish beside what the user has there now, and whether an open request of theirs would be decided by it."""
    return Change(
        subject=person.user_id,
        wish=wish,
        before=standing.grant if standing else None,
        approves=wish.level is not None and wish.place in requests,
        suspended=person.disabled or bool(standing and standing.suspended),
    )


def _users(accesses: Iterable[Access]) -> dict[Place, frozenset[str]]:
    users: dict[Place, set[str]] = {}
    for access in accesses:
        users.setdefault(access.place, set()).add(access.user_id)
    return {place: frozenset(some) for place, some in users.items()}
