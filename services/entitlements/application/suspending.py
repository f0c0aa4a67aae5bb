"""Access is suspended for a cause, and comes back with its end (ENT-14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import ManagerMove, active_managers, tell_of_managers
from services.entitlements.application.ports import Store
from services.entitlements.domain.access import ACCOUNT_DISABLED, CAUSES, LINE_LOST, Access
from services.entitlements.domain.events import AccessRestored, AccessSuspended
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Place

DISABLED_BY: Final = "system:identity"
"""Who suspends the access of an account that nobody may sign in to."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why access is suspended or comes back, by whom, and when."""

    cause: str
    by: str
    at: datetime

    def moves_manager(self, access: Access) -> bool:
        """Whether somebody comes or goes as a manager by it: by no other cause they are gone already, and where a line
        is lost no manager is needed.
        """
        return self.cause != LINE_LOST and access.manages and access.suspended <= {LINE_LOST, self.cause}


def suspend(access: Access, hold: Hold, work: UnitOfWork[Store], functions: Collection[str] | None = None) -> None:
    """Suspend it wholly (None) or these functions of it; the user's row and the lines of the TIN are locked."""
    suspend_all([access], hold, work, functions)


def suspend_all(
    accesses: Sequence[Access], hold: Hold, work: UnitOfWork[Store], functions: Collection[str] | None = None
) -> None:
    """The same of each; the managers who are told are those who still are when all of it is suspended."""
    people = _suspended(accesses, hold, work, functions)
    going = [access for access in accesses if functions is None and hold.moves_manager(access)]
    moves = [ManagerMove(access.place, people[access.user_id], came=False, counts=True) for access in going]
    tell_of_managers(work, moves, hold.by, hold.at)


def give_suspended(access: Access, work: UnitOfWork[Store], now: datetime) -> None:
    """Suspend what was given this moment to a disabled account (ENT-14). Nobody came as a manager by it, so that nobody
    goes; they come with their account.
    """
    _suspended([access], Hold(ACCOUNT_DISABLED, DISABLED_BY, now), work, None)


def restore(access: Access, hold: Hold, work: UnitOfWork[Store]) -> None:
    """What was suspended for this cause counts again, unless something else suspends it, too."""
    restore_all([access], hold, work)


def restore_all(accesses: Sequence[Access], hold: Hold, work: UnitOfWork[Store]) -> None:
    """The same of each."""
    store, now = work.writing(), hold.at
    back = store.suspensions.end(accesses, hold.cause, now)
    people, practices, after = _background(back, store)
    for access in back:
        counts = (access.counting, after[access.user_id, access.place].counting)
        profile = people[access.user_id].profile
        work.record(AccessRestored(access, practices.get(access.place.tin), hold.cause, *counts, hold.by, now, profile))
    coming = [access for access in back if hold.cause in access.suspended and hold.moves_manager(access)]
    moves = [ManagerMove(access.place, people[access.user_id], came=True, counts=True) for access in coming]
    tell_of_managers(work, moves, hold.by, now)


def lift(access: Access, store: Store, at: datetime) -> None:
    """Access that ended is suspended no more."""
    for cause in CAUSES:
        store.suspensions.end([access], cause, at)


def _suspended(
    accesses: Sequence[Access], hold: Hold, work: UnitOfWork[Store], functions: Collection[str] | None
) -> Mapping[str, Person]:
    store, now = work.writing(), hold.at
    store.suspensions.begin(accesses, hold.cause, now, functions)
    people, practices, after = _background(accesses, store)
    managers = active_managers({access.place for access in accesses}, store, now)
    named = None if functions is None else tuple(sorted(functions))
    for access in accesses:
        counts = (access.counting, after[access.user_id, access.place].counting)
        others = tuple(sorted(managers[access.place]))
        more = (*counts, hold.by, now, others, people[access.user_id].profile)
        work.record(AccessSuspended(access, practices.get(access.place.tin), hold.cause, named, *more))
    return people


def _background(
    accesses: Sequence[Access], store: Store
) -> tuple[Mapping[str, Person], Mapping[str, str], Mapping[tuple[str, Place], Access]]:
    """Whose access it is, how the practices are called, and what these users have as it stands now."""
    users = {access.user_id for access in accesses}
    practices = store.practices.of({access.place.tin for access in accesses})
    standing = {(access.user_id, access.place): access for access in store.accesses.standing_of(users)}
    return store.people.of(users), {tin: practice.name for tin, practice in practices.items()}, standing
