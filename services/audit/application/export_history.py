"""Write the delegation history as a document (AUD-2), and tell that it was taken away (AUD-6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.audit.application.history_rights import Reader, reach_of
from services.audit.application.ports import Ports, Reach, Store
from services.audit.domain.reading import Format, HistoryExported, HistoryFilter


@dataclass(frozen=True, slots=True)
class ExportHistory(Command):
    """Every row that the filter wishes, as one document."""

    reader: Reader
    wished: HistoryFilter
    format: Format


def export_history(query: ExportHistory, work: UnitOfWork[Store], ports: Ports) -> BinaryIO:
    """The document in a temporary file, at its beginning; whoever gets it closes it, which removes it.

    It is written whole before any of it is handed out: what fails half-way is an answer that says so, not a document
    that ends too early, and the record names the rows that it really has. Refuses as `reach_of` does.
    """
    now = ports.clock.now()
    with work.reading() as store:
        reach = reach_of(query.reader, query.wished, store, now)
    file = ports.new_file()
    try:
        rows = _fill(file, reach, query, work, ports)
    except BaseException:
        file.close()
        raise
    work.record(HistoryExported(query.reader.user_id, query.wished, rows, query.format, query.reader.reason, now))
    return file


def _fill(file: BinaryIO, reach: Reach, query: ExportHistory, work: UnitOfWork[Store], ports: Ports) -> int:
    """Let go of the database before the document is finished: compressing a large one takes long."""
    with ports.documents[query.format](file) as write, work.reading() as store:
        rows = write(store.history.report(reach, query.wished))
    file.seek(0)
    return rows
