"""Access is suspended for a cause, and comes back with its end (ENT-14)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import ManagerMove, active_managers, tell_of_managers
from services.entitlements.application.ports import Store
from services.entitlements.domain.access import ACCOUNT_DISABLED, CAUSES, LINE_LOST, Access
from services.entitlements.domain.events import AccessRestored, AccessSuspended
from services.entitlements.domain.people import Person

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
    person = _suspended(access, hold, work, functions)
    if functions is None and hold.moves_manager(access):
        move = ManagerMove(access.place, person, came=False, counts=True)
        tell_of_managers(work, [move], hold.by, hold.at)


def give_suspended(access: Access, work: UnitOfWork[Store], now: datetime) -> None:
    """Suspend what was given this moment to a disabled account (ENT-14). Nobody came as a manager by it, so that nobody
    goes; they come with their account.
    """
    _suspended(access, Hold(ACCOUNT_DISABLED, DISABLED_BY, now), work, None)


def _suspended(access: Access, hold: Hold, work: UnitOfWork[Store], functions: Collection[str] | None) -> Person:
    store, now = work.writing(), hold.at
    store.suspensions.begin(access, hold.cause, now, functions)
    after = _as_it_stands(access, store)
    person, practice = store.people.of([access.user_id])[access.user_id], store.practices.of([access.place.tin])
    name = practice[access.place.tin].name if practice else None
    managers = tuple(sorted(active_managers([access.place], store, now)[access.place]))
    named = None if functions is None else tuple(sorted(functions))
    counts = (access.counting, after.counting)
    work.record(AccessSuspended(access, name, hold.cause, named, *counts, hold.by, now, managers, person.profile))
    return person


def restore(access: Access, hold: Hold, work: UnitOfWork[Store]) -> None:
    """What was suspended for this cause counts again, unless something else suspends it, too."""
    store, now = work.writing(), hold.at
    if not store.suspensions.end(access.user_id, access.place, hold.cause, now):
        return
    person, practice = store.people.of([access.user_id])[access.user_id], store.practices.of([access.place.tin])
    name = practice[access.place.tin].name if practice else None
    counts = (access.counting, _as_it_stands(access, store).counting)
    work.record(AccessRestored(access, name, hold.cause, *counts, hold.by, now, person.profile))
    if hold.cause in access.suspended and hold.moves_manager(access):
        tell_of_managers(work, [ManagerMove(access.place, person, came=True, counts=True)], hold.by, now)


def lift(access: Access, store: Store, at: datetime) -> None:
    """Access that ended is suspended no more."""
    for cause in CAUSES:
        store.suspensions.end(access.user_id, access.place, cause, at)


def _as_it_stands(access: Access, store: Store) -> Access:
    return next(each for each in store.accesses.standing_of([access.user_id]) if each.place == access.place)
