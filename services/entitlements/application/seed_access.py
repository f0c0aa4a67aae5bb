"""Access that an operator puts in place before there is anybody who could give it: the demo's (OPS-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.errors import NotYetKnownError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.carrying_out import Affair, carry_out
from services.entitlements.application.manager_news import ManagerMove, tell_of_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.judgement import Effect
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

    Raises `NotYetKnownError` for a user who has not been heard of.
    """
    store, now = work.writing(), ports.clock.now()
    users = sorted({seed.user_id for seed in command.seeds})
    people = {user_id: person for user_id in users if (person := store.people.lock(user_id))}
    if len(people) < len(users):
        raise NotYetKnownError(f"not heard of yet: {', '.join(sorted(set(users) - people.keys()))}")
    tins = {seed.place.tin for seed in command.seeds}
    store.lines.lock(tins)
    had = {user_id: set(places) for user_id, places in store.accesses.past_places(users).items()}
    for access in store.accesses.standing_of(users):
        had.setdefault(access.user_id, set()).add(access.place)
    practices, moves, given = store.practices.of(tins), list[ManagerMove](), 0
    for seed in command.seeds:
        if seed.place not in had.get(seed.user_id, set()):
            effect = Effect(seed.user_id, seed.place, None, seed.grant)
            moves += carry_out(Affair(people[seed.user_id], command.by, now, practices), [effect], [], {}, work)
            given += 1
    tell_of_managers(work, moves, command.by, now)
    return given
