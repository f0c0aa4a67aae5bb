"""Undo a change of many users' access as one, within a day and where nothing else changed since (GO-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import ChangedMeanwhileError, NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.change_in_bulk import BulkOutcome, settle_many
from services.entitlements.application.examining_many import ExaminedMany, ManyWished, examine_many, lock_users
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.access import Access
from services.entitlements.domain.bulk_changes import BulkChange
from services.entitlements.domain.changes import Wish
from services.entitlements.domain.errors import AlreadyUndoneError, UndoTooLateError
from services.entitlements.domain.places import Place


@dataclass(frozen=True, slots=True)
class UndoBulkChange(Command):
    """`giver` takes back what they changed themselves; a `dry_run` writes nothing."""

    giver: str
    change_id: str
    dry_run: bool = False


def undo_bulk_change(command: UndoBulkChange, work: UnitOfWork[Store], ports: Ports) -> BulkOutcome:
    """Raises `NotFoundError` for another's change, `AlreadyUndoneError`, `UndoTooLateError`, `ChangedMeanwhileError`
    where any of it is no longer as it left it, and what rules forbid the giver now (GO-2).
    """
    now = ports.clock.now()
    if command.dry_run:
        with work.reading() as store:
            examined = _examined(_found(command, store, ports), store, ports)
            return BulkOutcome(examined.previewed(now), examined.version)
    with work.reading() as store:
        change = _found(command, store, ports)
    users, tins = _concerned(change)
    store = lock_users(users, sorted(tins), work)
    change = _found(command, store, ports)
    undone = settle_many(_examined(change, store, ports), command.giver, work, now)
    store.bulk_changes.mark_undone(change.change_id, now)
    return undone


def _found(command: UndoBulkChange, store: Store, ports: Ports) -> BulkChange:
    change = store.bulk_changes.get(command.change_id)
    if change is None or change.by != command.giver:
        raise NotFoundError
    if change.undone_at is not None:
        raise AlreadyUndoneError("This change was undone already.")
    if ports.clock.now() > change.undo_until:
        raise UndoTooLateError("A change can be undone for 24 hours: change what is to be different by hand.")
    return change


def _concerned(change: BulkChange) -> tuple[list[str], frozenset[str]]:
    users = sorted({effect.user_id for effect in change.effects})
    return users, frozenset(effect.place.tin for effect in change.effects)


def _examined(change: BulkChange, store: Store, ports: Ports) -> ExaminedMany:
    users, tins = _concerned(change)
    earlier = store.accesses.intervals([effect.before for effect in change.effects if effect.before])
    now = ports.clock.now()

    def wishing(user_id: str, standing: Mapping[Place, Access]) -> Sequence[Wish]:
        mine = [effect for effect in change.effects if effect.user_id == user_id]
        if any(_stands(standing.get(effect.place)) != effect.after for effect in mine):
            raise ChangedMeanwhileError("Something else changed since: undo by hand what is still to be undone.")
        return [_as_before(effect.place, earlier.get(effect.before or ""), now) for effect in mine]

    return examine_many(ManyWished(change.by, users, tins, wishing), store, ports)


def _stands(access: Access | None) -> str | None:
    return access.access_id if access else None


def _as_before(place: Place, before: Access | None, now: datetime) -> Wish:
    """What was there, unless its own end has come since."""
    grant = before.grant if before else None
    if grant is None or (grant.until is not None and grant.until <= now):
        return Wish(place, None, frozenset())
    return Wish(place, grant.level, grant.functions, grant.until)
