"""Works the inbox off: subject by subject, in sequence, effect and mark in one transaction (`events.md`, rule 4)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy import Connection, Engine, Row

from chassis.bus.claims import anything_due, claim, recall, waiting
from chassis.bus.effects import Effects
from chassis.bus.marks import Progress, drop_sealed, mark
from chassis.bus.policy import RetryPolicy
from chassis.bus.subscriptions import Subscription
from chassis.db.engine import database_now
from chassis.db.outbox import Outgoing, Outlet, append
from chassis.telemetry.telemetry import Telemetry

Store = TypeVar("Store")
Ports = TypeVar("Ports")

_RECALL_EVERY = 5.0

log = structlog.get_logger(__name__)


def _nobody() -> None:
    """Wakes nobody."""


class InboxWorker(Generic[Store, Ports]):
    """Applies what waits in one service's inbox.

    A claim is the lock on a subject's row, so a killed worker's claims are free at once, and any number of workers
    keep each subject's order. As long as all goes well many subjects share a transaction. Where anything in it fails,
    all of it is undone, and the subjects are worked off one by one, each event in a savepoint: what one event runs into
    is counted against that event alone. `helping` is how many events of one subject a transaction takes; `applied` is
    told after each commit that had effects.
    """

    def __init__(  # noqa: PLR0913 (half of them have values that only tests change)
        self,
        engine: Engine,
        subscriptions: Sequence[Subscription[Store, Ports]],
        store: Callable[[Connection], Store],
        ports: Ports,
        outlet: Outlet,
        *,
        policy: RetryPolicy | None = None,
        subjects_at_once: int = 50,
        helping: int = 10,
        applied: Callable[[], None] = _nobody,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._engine = engine
        self._effects: Effects[Store, Ports] = Effects(subscriptions, store, ports, outlet, telemetry or Telemetry())
        self._outlet = outlet
        self._policy = policy or RetryPolicy()
        self._subjects = subjects_at_once
        self._helping = helping
        self._applied = applied
        self._recalled_at = -_RECALL_EVERY

    @property
    def wants(self) -> Callable[[str], bool]:
        """Which types of events have an effect here."""
        return self._effects.wants

    def step(self) -> bool:
        """Apply one batch of what is due; False where nothing was."""
        if not self._anything_due() and not self._recalled():
            return False
        try:
            smooth = self._apply_together()
        except Exception as error:  # noqa: BLE001 (whatever it was, it is met again one by one, and counted there)
            log.debug("inbox_batch_undone", error=type(error).__name__)
            return self._apply_one_by_one(troubled=None)
        return self._apply_one_by_one(troubled=True) or smooth

    def _anything_due(self) -> bool:
        with self._engine.connect().execution_options(write=False) as connection, connection.begin():
            return anything_due(connection)

    def _recalled(self) -> bool:
        """Now and then, whether there were any to call back because a clock was put back."""
        now = time.monotonic()
        if now - self._recalled_at < min(self._policy.longest, _RECALL_EVERY):
            return False
        self._recalled_at = now
        with self._engine.begin() as connection:
            recalled = recall(connection, timedelta(seconds=2 * self._policy.longest))
        if recalled:
            log.warning("inbox_subjects_recalled", subjects=recalled)
        return recalled > 0

    def _apply_together(self) -> bool:
        """Many subjects whose events go well; raises, with nothing done, as soon as one does not."""
        with self._engine.begin() as connection:
            subjects = claim(connection, self._subjects, troubled=False)
            if not subjects:
                return False
            now = database_now(connection)
            found = waiting(connection, subjects, self._helping)
            turns = [
                (subject, _in_turn(subject, found.get((subject.source, subject.subject), ()))) for subject in subjects
            ]
            rows = [row for _, turn in turns for row in turn]
            outgoing = self._effects.many(connection, rows)
            drop_sealed(connection, rows)
            mark(connection, [(subject, self._after(subject, turn, now)) for subject, turn in turns])
            append(connection, outgoing, now)
        self._effects.watch.done(rows, now)
        self._tell(outgoing)
        return True

    def _after(self, subject: Row[Any], turn: Sequence[Row[Any]], now: datetime) -> Progress:
        progress = Progress.of(subject)
        if turn:
            progress = progress.advanced(turn[-1].sequence)
        return progress.asked_again(now) if len(turn) == self._helping else progress

    def _apply_one_by_one(self, *, troubled: bool | None) -> bool:
        """As many subjects as go together, each in a transaction of its own; False where none was due."""
        for number in range(self._subjects):
            if not self._apply_next(troubled=troubled):
                return number > 0
        return True

    def _apply_next(self, *, troubled: bool | None) -> bool:
        with self._engine.begin() as connection:
            subjects = claim(connection, 1, troubled=troubled)
            if not subjects:
                return False
            (subject,) = subjects
            now = database_now(connection)
            progress, outgoing = self._apply_subject(connection, subject, now)
            mark(connection, [(subject, progress)])
            append(connection, outgoing, now)
        self._tell(outgoing)
        return True

    def _apply_subject(
        self, connection: Connection, subject: Row[Any], now: datetime
    ) -> tuple[Progress, Sequence[Outgoing]]:
        found = waiting(connection, [subject], self._helping).get((subject.source, subject.subject), ())
        turn = _in_turn(subject, found)
        progress, outgoing = Progress.of(subject), list[Outgoing]()
        for row in turn:
            try:
                with connection.begin_nested():
                    outgoing.extend(self._effects.one(connection, row))
                    drop_sealed(connection, [row])
            except Exception as error:  # noqa: BLE001 (whatever a handler raises is counted, told and tried again)
                failed = progress.failed(error, self._policy, now)
                self._effects.watch.failed(row, progress, failed)
                return failed, outgoing
            self._effects.watch.done([row], now)
            progress = progress.advanced(row.sequence)
        return progress.asked_again(now) if len(turn) == self._helping else progress, outgoing

    def _tell(self, outgoing: Sequence[Outgoing]) -> None:
        self._applied()
        if outgoing:
            self._outlet.wake()


def _in_turn(subject: Row[Any], rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Those that follow the last one done without a gap."""

    def numbered() -> Iterator[Row[Any]]:
        for sequence, row in enumerate(rows, subject.done + 1):
            if row.sequence != sequence:
                return
            yield row

    return list(numbered())
