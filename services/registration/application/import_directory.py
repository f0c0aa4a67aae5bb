"""Import the plan's directory of practices (REG-17).

First the whole file is read and its good rows laid aside, since only then it is known which of a TIN's rows is the
last. Then they are compared with the directory and written, a batch at a time, each in a transaction with the events
that tell of it. A run that was killed has written whole batches: the next run finds them unchanged and does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.directory_file import (
    DirectoryFile,
    ImportProgress,
    Progress,
    RowFault,
    Spool,
    Turn,
)
from services.registration.application.ports import Store
from services.registration.domain.events import DirectoryChanged, PracticeLinesChanged
from services.registration.domain.practices import Changes, Row, compare

BATCH = 50_000
"""Rows in one transaction: enough that commits do not decide the speed, few enough that others do not wait."""

TOLD_TOGETHER = 1_000
"""Practices in one event, at most (`events.md`)."""

FAULTS_KEPT = 10_000
"""Faults that the result tells one by one; further ones are only counted, so that memory stays as it is."""


@dataclass(frozen=True, slots=True)
class ImportDirectory(Command):
    """Bring the directory to what a file says; practices that the file does not name stay."""

    file: DirectoryFile
    progress: Progress


@dataclass(frozen=True, slots=True)
class ImportTools:
    """What an import is handed: transactions of its own, one for each batch, and where to lay rows aside."""

    begin: Callable[[], AbstractContextManager[UnitOfWork[Store]]]
    spool: Spool
    turn: Turn


@dataclass(slots=True)
class ImportResult:
    """What became of the file's rows: `rows` is the sum of `added`, `changed`, `unchanged`, `superseded`, `wrong`.

    `errors` tells the first 10 000 of the wrong rows, in the order of the file.
    """

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    superseded: int = 0
    wrong: int = 0
    errors: list[RowFault] = field(default_factory=list)

    def refuse(self, fault: RowFault) -> None:
        """Count a wrong row."""
        self.rows += 1
        self.wrong += 1
        if len(self.errors) < FAULTS_KEPT:
            self.errors.append(fault)

    def merged(self, rows: int, changes: Changes) -> None:
        """Count a batch that was written."""
        self.added += changes.added
        self.changed += len(changes.rows) - changes.added
        self.unchanged += rows - len(changes.rows)


def import_directory(command: ImportDirectory, tools: ImportTools) -> ImportResult:
    """Import a file; raises `FileUnreadableError` before anything was changed, `ImportRunningError` beside another."""
    result = ImportResult()
    with tools.turn():
        for rows in command.file.batches(result.refuse):
            tools.spool.keep(rows)
            command.progress(ImportProgress("reading", command.file.done, command.file.size))
        result.rows += tools.spool.rows
        result.superseded = tools.spool.superseded
        total, done = tools.spool.rows - tools.spool.superseded, 0
        for rows in tools.spool.batches(BATCH):
            with tools.begin() as work:
                result.merged(len(rows), _merge(rows, work))
            done += len(rows)
            command.progress(ImportProgress("writing", done, total))
    return result


def _merge(rows: Sequence[Row], work: UnitOfWork[Store]) -> Changes:
    store = work.writing()
    changes = compare(rows, store.practices.kept([row[0] for row in rows]))
    if changes.rows:
        store.practices.write(changes.rows)
        for start in range(0, len(changes.practices), TOLD_TOGETHER):
            work.record(DirectoryChanged(new_id(), changes.practices[start : start + TOLD_TOGETHER]))
        work.record(*(PracticeLinesChanged(practice, before) for practice, before in changes.relined))
    return changes
