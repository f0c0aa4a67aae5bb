"""Access of an account that nobody may sign in to is suspended, and comes back with the account (ENT-14, IDN-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.suspending import DISABLED_BY, Hold, restore, suspend
from services.entitlements.domain.access import ACCOUNT_DISABLED, Access


@dataclass(frozen=True, slots=True)
class SuspendAccess(Command):
    """This account was disabled."""

    user_id: str


@dataclass(frozen=True, slots=True)
class RestoreAccess(Command):
    """This account may be signed in to again."""

    user_id: str


def suspend_access(command: SuspendAccess, work: UnitOfWork[Store], ports: Ports) -> None:
    """All of it, even that of a last manager: a rule cannot keep an account from being disabled (ENT-3)."""
    hold = Hold(ACCOUNT_DISABLED, DISABLED_BY, ports.clock.now())
    for access in _locked(command.user_id, work, disabled=True):
        if ACCOUNT_DISABLED not in access.suspended and not access.has_lapsed(hold.at):
            suspend(access, hold, work)


def restore_access(command: RestoreAccess, work: UnitOfWork[Store], ports: Ports) -> None:
    """What nothing else suspends counts again."""
    hold = Hold(ACCOUNT_DISABLED, DISABLED_BY, ports.clock.now())
    for access in _locked(command.user_id, work, disabled=False):
        if ACCOUNT_DISABLED in access.suspended:
            restore(access, hold, work)


def _locked(user_id: str, work: UnitOfWork[Store], *, disabled: bool) -> Sequence[Access]:
    """What the user has, which nobody else changes until the end; what they are given from now on follows, too."""
    store = work.writing()
    person = store.people.lock(user_id)
    if person is not None and person.disabled is not disabled:
        store.people.put(replace(person, disabled=disabled))
    store.lines.lock({access.place.tin for access in store.accesses.standing_of([user_id])})
    return store.accesses.standing_of([user_id])
