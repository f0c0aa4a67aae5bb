"""Show a page of the delegation history (AUD-2), and tell that it was shown (AUD-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.audit.application.history_rights import Reader, reach_of
from services.audit.application.ports import Place, Placed, Ports, Store
from services.audit.domain.reading import HistoryFilter, HistoryViewed


@dataclass(frozen=True, slots=True)
class ViewHistory(Command):
    """The page behind `after`, of at most `limit` rows."""

    reader: Reader
    wished: HistoryFilter
    after: Place | None
    limit: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Rows, newest first; `next` is where the following page begins, None on the last one."""

    rows: Sequence[Placed]
    next: Place | None


def view_history(query: ViewHistory, work: UnitOfWork[Store], ports: Ports) -> HistoryPage:
    """Rows within the reader's reach; refuses as `reach_of` does."""
    now = ports.clock.now()
    with work.reading() as store:
        reach = reach_of(query.reader, query.wished, store, now)
        rows = store.history.page(reach, query.wished, query.after, query.limit + 1)
    shown = rows[: query.limit]
    work.record(HistoryViewed(query.reader.user_id, query.wished, len(shown), query.reader.reason, now))
    return HistoryPage(shown, shown[-1].place if len(rows) > query.limit else None)
