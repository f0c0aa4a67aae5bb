"""Access follows its practice's lines of business: it is suspended with a line and comes back with it (REG-17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.suspending import Hold, restore_all, suspend_all
from services.entitlements.domain.access import LINE_LOST

AT_ONCE: Final = 500
"""How much access one transaction suspends or restores at most."""

DIRECTORY: Final = "system:directory"
"""Who suspends it."""


@dataclass(frozen=True, slots=True)
class FollowLines(Command):
    """Access at this TIN has yet to follow the lines of its practice."""

    tin: str


def follow_lines(command: FollowLines, work: UnitOfWork[Store], ports: Ports) -> bool:
    """Suspend some of what stands open at lines that the practice does not have, and restore some of what is back;
    False where another is at it.

    It goes by what is, not by what was done before: killed after any transaction, the next call goes on, and where the
    line comes back meanwhile, restores. The directory stays as it is until the end of the transaction. What is given
    meanwhile is seen, since the lines are locked before the access is read; nothing can be given later, for a line that
    is not offered (ENT-4).
    """
    store, hold = work.writing(), Hold(LINE_LOST, DIRECTORY, ports.clock.now())
    practice = store.practices.claim(command.tin)
    if practice is None:
        return False
    users = {access.user_id for access in store.accesses.astray([practice], hold.at, AT_ONCE)}
    store.people.lock_all(users)
    store.lines.lock({command.tin})
    astray = store.accesses.astray([practice], hold.at, AT_ONCE)
    following = [access for access in astray if access.user_id in users]
    suspend_all([access for access in following if LINE_LOST not in access.suspended], hold, work)
    restore_all([access for access in following if LINE_LOST in access.suspended], hold, work)
    if len(following) == len(astray) < AT_ONCE:
        store.relinings.drop(command.tin)
    return True
