"""Looks at everything that a change of many people's access depends on, and has it judged as a whole (GO-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import ChangedMeanwhileError, Fault, InvalidError, NotFoundError
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.change_access import Outcome, preview
from services.entitlements.application.examining import Examined, change_of, managers_at
from services.entitlements.application.items import version_of
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import Sight, look_to_change
from services.entitlements.domain.access import Access
from services.entitlements.domain.changes import Change, Wish
from services.entitlements.domain.delegation import judge
from services.entitlements.domain.judgement import Violation
from services.entitlements.domain.places import Place

Wishing = Callable[[str, Mapping[Place, Access]], Sequence[Wish]]
"""What is wished for a user, by their ID and what they have and has not lapsed."""


@dataclass(frozen=True, slots=True)
class ManyWished:
    """What `giver` wishes for these users at these TINs."""

    giver: str
    user_ids: Sequence[str]
    tins: frozenset[str]
    wishing: Wishing


@dataclass(frozen=True, slots=True)
class UserOutcome:
    """What becomes, or would become, of one of many users."""

    user_id: str
    name: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ExaminedMany:
    """A change of many as it was judged, each user's part with what it was judged on."""

    users: tuple[Examined, ...]
    violations: tuple[Violation, ...]
    version: str

    def check_version(self, versions: frozenset[str] | None) -> None:
        """Raise `ChangedMeanwhileError` unless what was read of all of them still stands; None admits anything."""
        if versions is not None and self.version not in versions:
            raise ChangedMeanwhileError

    def previewed(self, now: datetime) -> tuple[UserOutcome, ...]:
        """What would be of each, with what rules forbid."""
        return tuple(
            UserOutcome(each.sight.person.user_id, each.sight.person.profile.name, preview(each, now))
            for each in self.users
        )


def lock_users(user_ids: Sequence[str], tins: Sequence[str], work: UnitOfWork[Store]) -> Store:
    """Begin to write, with all of these users and all lines of these TINs locked, in the one order of locks."""
    store = work.writing()
    for user_id in sorted(user_ids):
        store.people.lock(user_id)
    store.lines.lock(tins)
    return store


def examine_many(wished: ManyWished, store: Store, ports: Ports) -> ExaminedMany:
    """Judge what is wished, as a whole; raises `InvalidError` naming whom the giver may not see."""
    now, tins = ports.clock.now(), wished.tins
    sights = _sights(wished, store, now)
    changes = [_changes(sight, wished.wishing, now) for sight in sights]
    judgement = judge(
        sights[0].giver,
        [change for some in changes for change in some],
        managers_at(tins, store, now),
        ports.catalogue,
        most_managers=ports.limits.managers_per_tin,
    )
    practices = store.practices.of(tins)
    users = tuple(
        Examined(
            sight,
            judgement.of(sight.person.user_id),
            {request.place: request for request in sight.requests},
            practices,
            tins,
        )
        for sight in sights
    )
    version = version_of((access for sight in sights for access in sight.visible), now)
    return ExaminedMany(users, judgement.violations, version)


def _sights(wished: ManyWished, store: Store, now: datetime) -> list[Sight]:
    sights, faults = [], []
    for number, user_id in enumerate(wished.user_ids):
        try:
            sights.append(look_to_change(user_id, wished.giver, store, now))
        except NotFoundError:
            faults.append(Fault(f"/user_ids/{number}", "user_unknown", "There is no such user whom you may see."))
    if faults:
        raise InvalidError(faults)
    return sights


def _changes(sight: Sight, wishing: Wishing, now: datetime) -> list[Change]:
    person = sight.person
    standing = {access.place: access for access in sight.standing if not access.has_lapsed(now)}
    requests = {request.place: request for request in sight.requests}
    return [change_of(person, wish, standing.get(wish.place), requests) for wish in wishing(person.user_id, standing)]
