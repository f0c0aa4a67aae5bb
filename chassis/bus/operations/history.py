"""One source's outbox read again for one consumer: what it missed, in each subject's order, marked as history (OPS-4).

Only what was sent is read: what was not is still to come by itself, with what is sealed in it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, func, or_, select

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import SEALED
from chassis.bus.relay import envelope_of
from chassis.db.tables import inbox, inbox_subject, outbox

_CLOCKS_APART = timedelta(hours=1)
_SUBJECTS_REMEMBERED = 10_000
_NAMED = 20

Deliver = Callable[[Sequence[Envelope]], None]
"""Has the consumer take envelopes in; raises where that cannot be."""


@dataclass(slots=True)
class Outcome:
    """How many events were handed over, and of how many subjects the consumer lacks something that is no more to be
    had (the first of them by name): there it still waits.
    """

    events: int = 0
    short: int = 0
    names: list[str] = field(default_factory=list)

    def lacks(self, source: str, subject: str) -> None:
        """Note a subject that history cannot close the gap of."""
        self.short += 1
        if len(self.names) < _NAMED:
            self.names.append(f"{source}:{subject}")


class History:
    """A source's outbox from a time on, as a consumer's database `target` has missed it.

    Subjects begin with their first event of that time; those that the consumer has begun go on where it stands, however
    long ago that was. Constant in memory, whatever the number of events.
    """

    def __init__(self, engine: Engine, source: str, since: datetime, target: Engine, *, batch: int = 500) -> None:
        self._engine = engine
        self._source = source
        self._since = since
        self._target = target
        self._batch = batch
        self._firsts: OrderedDict[str, int | None] = OrderedDict()

    def size(self) -> int:
        """About how many events it has: nothing is counted that may be many millions."""
        begin, end = self._span()
        return end + 1 - begin

    def replay(self, deliver: Deliver, outcome: Outcome, advanced: Callable[[int], object]) -> None:
        """Hand everything over, batch by batch; `advanced` hears how far each one came in `size`.

        May be broken off, and done again: the inbox takes each event once.
        """
        begin, end = self._span()
        while rows := self._rows(begin, end):
            passed, begin = begin, int(rows[-1].position) + 1
            self._look_up({row.subject for row in rows}, deliver, outcome)
            wanted = [row for row in rows if self._is_wanted(row)]
            self._hand_over(wanted, deliver, outcome)
            advanced(begin - passed)

    def _span(self) -> tuple[int, int]:
        """The positions to look at. What is committed from now on is live; times are those of several machines."""
        ends = select(func.min(outbox.c.position).label("first"), func.max(outbox.c.position).label("last"))
        row = self._read(self._engine, ends)[0]
        begin, end = (1, 0) if row.first is None else (int(row.first), int(row.last))
        return self._first_since(self._since - _CLOCKS_APART, begin, end), end

    def _first_since(self, moment: datetime, begin: int, end: int) -> int:
        """The first position of that time, by halving: times have no index, and grow with positions but for clocks."""
        while begin <= end:
            middle = (begin + end) // 2
            following = select(outbox.c.position, outbox.c.at).where(outbox.c.position.between(middle, end))
            rows = self._read(self._engine, following.order_by(outbox.c.position).limit(1))
            if not rows or rows[0].at >= moment:
                end = middle - 1
            else:
                begin = int(rows[0].position) + 1
        return begin

    def _rows(self, begin: int, end: int) -> Sequence[Row[Any]]:
        these = select(outbox).where(outbox.c.position.between(begin, end), outbox.c.sent)
        return self._read(self._engine, these.order_by(outbox.c.position).limit(self._batch))

    def _is_wanted(self, row: Row[Any]) -> bool:
        first = self._firsts.get(row.subject)
        return first is not None and row.sequence >= first

    def _look_up(self, subjects: set[str], deliver: Deliver, outcome: Outcome) -> None:
        """Find where these subjects begin, and close the gap to where the consumer stands with them."""
        new = subjects - self._firsts.keys()
        for subject in subjects & self._firsts.keys():
            self._firsts.move_to_end(subject)
        available = or_(outbox.c.at >= self._since, ~outbox.c.sent)
        found = select(outbox.c.subject, func.min(outbox.c.sequence).label("first")).where(
            outbox.c.subject.in_(new), available
        )
        firsts: dict[str, int] = {
            row.subject: row.first for row in self._read(self._engine, found.group_by(outbox.c.subject))
        }
        for subject in new:
            self._firsts[subject] = firsts.get(subject)
        while len(self._firsts) > _SUBJECTS_REMEMBERED + len(subjects):
            self._firsts.popitem(last=False)
        for subject, done in self._begun(firsts):
            self._close_gap(subject, done, firsts[subject], deliver, outcome)

    def _begun(self, firsts: dict[str, int]) -> list[tuple[str, int]]:
        """The subjects that the consumer has begun, and has not come up to their first event with."""
        stands = select(inbox_subject.c.subject, inbox_subject.c.done)
        stands = stands.where(inbox_subject.c.source == self._source, inbox_subject.c.subject.in_(firsts))
        behind = [row for row in self._read(self._target, stands) if row.done < firsts[row.subject] - 1]
        begun = [row for row in behind if row.done or self._there(row.subject, row.done, firsts[row.subject])]
        return [(row.subject, row.done) for row in begun]

    def _close_gap(self, subject: str, done: int, first: int, deliver: Deliver, outcome: Outcome) -> None:
        lacking = set(range(done + 1, first)) - self._there(subject, done, first)
        earlier = select(outbox).where(outbox.c.subject == subject, outbox.c.sequence > done, outbox.c.sequence < first)
        rows = self._read(self._engine, earlier.order_by(outbox.c.sequence))
        for begin in range(0, len(rows), self._batch):
            helping = [row for row in rows[begin : begin + self._batch] if row.sent and row.sequence in lacking]
            self._hand_over(helping, deliver, outcome)
        if lacking - {row.sequence for row in rows}:
            outcome.lacks(self._source, subject)

    def _there(self, subject: str, done: int, first: int) -> set[int]:
        """The numbers between that wait in the consumer's inbox."""
        waiting = select(inbox.c.sequence).where(
            inbox.c.source == self._source,
            inbox.c.subject == subject,
            inbox.c.sequence > done,
            inbox.c.sequence < first,
        )
        return {int(row.sequence) for row in self._read(self._target, waiting)}

    def _hand_over(self, rows: Sequence[Row[Any]], deliver: Deliver, outcome: Outcome) -> None:
        envelopes = [self._envelope(row) for row in rows]
        if envelopes:
            deliver(envelopes)
            outcome.events += len(envelopes)

    def _envelope(self, row: Row[Any]) -> Envelope:
        data = {name: value for name, value in row.data.items() if name != SEALED}
        first = self._firsts.get(row.subject) or row.sequence
        return replace(envelope_of(row, self._source), data=data, replayed_from=first)

    @staticmethod
    def _read(engine: Engine, statement: Any) -> Sequence[Row[Any]]:
        with engine.connect().execution_options(write=False) as connection, connection.begin():
            return connection.execute(statement).all()
