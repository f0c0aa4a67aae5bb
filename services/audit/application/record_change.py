"""Append an event that changed who may do what, and tell of it in the delegation history (AUD-1, AUD-2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.audit.application.append_entries import AppendEntries, append_entries
from services.audit.application.ports import Ports, Store
from services.audit.domain.changes import Change
from services.audit.domain.entry import Arrival
from services.audit.domain.rights import Held


@dataclass(frozen=True, slots=True)
class RecordChange(Command):
    """`sets_access` says that the change's `after` is what the user holds from now on (None: nothing)."""

    arrival: Arrival
    change: Change
    sets_access: bool = False


def record_change(command: RecordChange, work: UnitOfWork[Store], ports: Ports) -> None:
    """All of it once: an event that the log has already changes nothing."""
    [index] = append_entries(AppendEntries((command.arrival,)), work, ports)
    if index is None:
        return
    store = work.writing()
    store.history.add(index, [_identified(command.change, store)])
    if command.sets_access:
        _set_access(store, command.change)


def _identified(change: Change, store: Store) -> Change:
    """With the temporary ID that the person came by; whoever registered by themselves has their user ID there."""
    if change.temporary_id is not None or change.user_id is None:
        return change
    return replace(change, temporary_id=store.temporary_ids.came_by(change.user_id) or change.user_id)


def _set_access(store: Store, change: Change) -> None:
    if change.user_id is None:
        raise ValueError("an access has a holder")
    if change.after is None:
        store.access.remove(change.user_id, change.tin, change.line)
    else:
        held = Held(change.user_id, change.tin, change.line, change.after.level, change.after.until)
        store.access.put(held)
