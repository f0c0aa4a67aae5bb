"""Append an event about an invitation, and tell of it in the delegation history of each TIN that it is for (AUD-2)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.audit.application.append_entries import AppendEntries, append_entries
from services.audit.application.ports import Ports, Store
from services.audit.domain.changes import Change
from services.audit.domain.entry import Arrival


@dataclass(frozen=True, slots=True)
class Redemption:
    """Who has redeemed a temporary ID; `registered` says that they came to their account by it."""

    temporary_id: str
    user_id: str
    registered: bool


@dataclass(frozen=True, slots=True)
class RecordInvitation(Command):
    """A change for each TIN and line; with `redemption` the person is a user from now on."""

    arrival: Arrival
    changes: tuple[Change, ...]
    redemption: Redemption | None = None


def record_invitation(command: RecordInvitation, work: UnitOfWork[Store], ports: Ports) -> None:
    """All of it once: an event that the log has already changes nothing."""
    [index] = append_entries(AppendEntries((command.arrival,)), work, ports)
    if index is None:
        return
    store = work.writing()
    store.history.add(index, command.changes)
    redeemed = command.redemption
    if redeemed is not None:
        store.temporary_ids.keep(redeemed.temporary_id, redeemed.user_id, came_by_it=redeemed.registered)
        store.history.has_registered(redeemed.temporary_id, redeemed.user_id)
