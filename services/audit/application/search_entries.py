"""Find entries of the log, for support (AUD-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.audit.application.ports import EntryFilter, Found, Ports, Store


@dataclass(frozen=True, slots=True)
class SearchEntries(Command):
    """Entries below the index `below`, at most `limit`."""

    sought: EntryFilter
    below: int | None
    limit: int


def search_entries(query: SearchEntries, work: UnitOfWork[Store], ports: Ports) -> Sequence[Found]:  # noqa: ARG001 (one signature)
    """Newest first; one more than `limit` where there are more."""
    with work.reading() as store:
        return store.log.search(query.sought, query.below, query.limit + 1)
