"""Take away what the caller's TINs gave one user (ENT-8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.change_access import Outcome, lock_user, preview, settle
from services.entitlements.application.examining import Examined, check_version, examine
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import Sight, look_to_change
from services.entitlements.domain.access import Access
from services.entitlements.domain.changes import Wish
from services.entitlements.domain.levels import Level


@dataclass(frozen=True, slots=True)
class RemoveAccess(Command):
    """`giver` takes the access of `user_id` away wherever they administer, or at `tin` alone.

    `dry_run` and `versions` are as in `ChangeAccess`.
    """

    giver: str
    user_id: str
    tin: str | None = None
    dry_run: bool = False
    versions: frozenset[str] | None = None


def remove_access(command: RemoveAccess, work: UnitOfWork[Store], ports: Ports) -> Outcome:
    """What a secondary administrator may not take from a processor stays, and is seen in the outcome; what is not the
    caller's to take at all, and a last manager, is refused as `change_access` does.
    """
    now = ports.clock.now()
    if command.dry_run:
        with work.reading() as store:
            return preview(_examined(command, store, ports, now), now)
    store = lock_user(command.user_id, work)
    standing = store.accesses.standing_of([command.user_id])
    store.lines.lock({access.place.tin for access in standing if command.tin in {None, access.place.tin}})
    return settle(_examined(command, store, ports, now), work, now)


def _examined(command: RemoveAccess, store: Store, ports: Ports, now: datetime) -> Examined:
    sight = look_to_change(command.user_id, command.giver, store, now)
    if command.tin is not None and not _may_look(sight, command.tin):
        raise NotFoundError
    check_version(sight, command.versions, now)
    return examine(sight, tuple(_wishes(sight, command.tin, now)), store, ports, now)


def _may_look(sight: Sight, tin: str) -> bool:
    return sight.places is None or any(place.tin == tin for place in sight.places)


def _wishes(sight: Sight, tin: str | None, now: datetime) -> Iterator[Wish]:
    """One wish per place; of their own, a user who administers somewhere means the places where they do."""
    administered = sight.giver.administered
    for access in sight.visible:
        place = access.place
        meant = tin in {None, place.tin} and (place in administered or not administered)
        if meant and not access.has_lapsed(now):
            yield _wish(sight, access)


def _wish(sight: Sight, access: Access) -> Wish:
    """What stays where the giver may take only some of a processor's functions: those; else nothing."""
    grant, place = access.grant, access.place
    kept = {function for function in grant.functions if not sight.giver.may_touch(function, place)}
    takes_some = sight.giver.may_give(grant.level, place) and kept != grant.functions
    if grant.level is Level.PROCESSOR and takes_some and kept:
        return Wish(place, grant.level, frozenset(kept))
    return Wish(place, None, frozenset())
