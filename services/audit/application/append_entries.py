"""Append what the services publish to the log, each event once, in order of arrival (AUD-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.audit.application.ports import Ports, Store
from services.audit.domain.entry import Arrival, entry_of


@dataclass(frozen=True, slots=True)
class AppendEntries(Command):
    """Events in the order in which they arrived."""

    arrivals: tuple[Arrival, ...]


def append_entries(command: AppendEntries, work: UnitOfWork[Store], ports: Ports) -> Sequence[int | None]:
    """Returns each event's index in the log, None for one that was there already.

    The leaves are made before the log is locked, so that writers wait for each other's inserts alone.
    """
    store = work.writing()
    now = ports.clock.now()
    return store.log.append([entry_of(arrival, now, ports.salts) for arrival in command.arrivals])
