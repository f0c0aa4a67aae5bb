"""Access that an operator puts in place before there is anybody who could give it: the demo's (OPS-1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chassis.kernel.errors import NotYetKnownError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.carrying_out import Affair, carry_out
from services.entitlements.application.examining import examine, without_line
from services.entitlements.application.manager_news import ManagerMove, tell_of_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import Sight
from services.entitlements.domain.changes import Wish
from services.entitlements.domain.errors import LineNotOfferedError, refusal
from services.entitlements.domain.givers import Giver
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.people import AccountState, Person
from services.entitlements.domain.places import Place


@dataclass(frozen=True, slots=True)
class Seed:
    """Access that one user is to have."""

    user_id: str
    place: Place
    grant: Grant


@dataclass(frozen=True, slots=True)
class SeedAccess(Command):
    """`by` (`system:<part>`) gives what stands in `seeds` to users who never had access there."""

    by: str
    seeds: Sequence[Seed]


def seed_access(command: SeedAccess, work: UnitOfWork[Store], ports: Ports) -> int:
    """How much was given: doing it again gives nothing, and brings nothing back that was taken away since.

    It goes through the one rule engine, too: an operator may give everything, but not more managers than a TIN may
    have, nor what the line does not offer (GO-2). Raises `NotYetKnownError` for a user who has not been heard of,
    `LineNotOfferedError`, and what rules forbid.
    """
    store = work.writing()
    users = sorted({seed.user_id for seed in command.seeds})
    people = {user_id: person for user_id in users if (person := store.people.lock(user_id))}
    if len(people) < len(users):
        raise NotYetKnownError(f"not heard of yet: {', '.join(sorted(set(users) - people.keys()))}")
    store.lines.lock({seed.place.tin for seed in command.seeds})
    had = {user_id: set(places) for user_id, places in store.accesses.past_places(users).items()}
    for access in store.accesses.standing_of(users):
        had.setdefault(access.user_id, set()).add(access.place)
    moves, given = list[ManagerMove](), 0
    for person in people.values():
        new = [
            Wish(seed.place, seed.grant.level, seed.grant.functions, seed.grant.until)
            for seed in command.seeds
            if seed.user_id == person.user_id and seed.place not in had.get(person.user_id, set())
        ]
        if new and person.state is not AccountState.REMOVED:
            moves += _give(command.by, person, new, work, ports)
            given += len(new)
    tell_of_managers(work, moves, command.by, ports.clock.now())
    return given


def _give(
    by: str, person: Person, wishes: Collection[Wish], work: UnitOfWork[Store], ports: Ports
) -> list[ManagerMove]:
    store, now = work.writing(), ports.clock.now()
    standing = tuple(store.accesses.standing_of([person.user_id]))
    operator = Giver(by, {}, is_operator=True)
    sight = Sight(operator, person, standing, tuple(store.requests.open_of(person.user_id)), None)
    examined = examine(sight, wishes, store, ports, now)
    if without_line((wish.place for wish in wishes), examined.practices):
        raise LineNotOfferedError("The directory has this practice without that line of business.")
    if examined.judgement.violations:
        raise refusal(examined.judgement.violations, of_many=True)
    affair = Affair(person, by, now, examined.practices)
    return carry_out(affair, examined.judgement.effects, standing, examined.requests, work)
