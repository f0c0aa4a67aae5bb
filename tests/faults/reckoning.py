"""After the storm: does every committed fact stand everywhere, once and in order? Asked of the databases themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, and_, select, text

from chassis.db.engine import make_engine
from chassis.db.tables import inbox, inbox_subject, outbox, outbox_sequence
from tests.e2e.settling import settle
from tests.faults.effects import missing_or_doubled, out_of_order
from tests.faults.ledger import Ledger
from wardenry.registry import SERVICES, listeners


@dataclass
class Reckoning:
    """Everything that is not as it must be, in words; all four empty is what we want."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """All of them."""
        return [*self.lost, *self.doubled, *self.out_of_order, *self.stuck]

    def __str__(self) -> str:
        counts = (("lost", self.lost), ("doubled", self.doubled), ("out of order", self.out_of_order))
        return ", ".join(f"{name} {len(found)}" for name, found in (*counts, ("stuck", self.stuck)))


@contextmanager
def opened(urls: Mapping[str, str]) -> Iterator[dict[str, Engine]]:
    """Engines on the services' databases, closed behind the block."""
    engines = {name: make_engine(url) for name, url in urls.items()}
    try:
        yield engines
    finally:
        for engine in engines.values():
            engine.dispose()


def settled(engines: Mapping[str, Engine], *, within: float = 240.0) -> None:
    """Wait until everything is published and applied, and every mail has left; a killed sender's claim lapses first.

    Raises `AssertionError` where that does not come to pass.
    """
    waiting = text("SELECT id FROM message WHERE state IN ('queued', 'sending')")
    settle(engines, within=within, and_=lambda: not _rows(engines["notify"], waiting))


def reckon(engines: Mapping[str, Engine], ledger: Ledger) -> Reckoning:
    """Hold every outbox against every inbox and the log, and every acknowledged step against its effects."""
    found = Reckoning()
    _settle_or_tell(engines, found)
    found.stuck += _parked(engines)
    for source in SERVICES:
        committed = _committed(engines[source])
        found.lost += _uncounted(source, engines[source], committed)
        for listener in (name for name, sources in listeners().items() if source in sources):
            _reckon_inbox(engines[listener], f"{listener} from {source}", source, committed, found)
    _reckon_log(engines, found)
    found.out_of_order += out_of_order(engines)
    for fault in missing_or_doubled(engines, ledger):
        (found.lost if " has 0 times " in fault else found.doubled).append(fault)
    return found


Key = tuple[str, int]


def _settle_or_tell(engines: Mapping[str, Engine], found: Reckoning) -> None:
    try:
        settled(engines)
    except AssertionError as error:
        found.stuck.append(f"something waits that nobody handles: {error}")


def _parked(engines: Mapping[str, Engine]) -> Iterator[str]:
    for service, engine in engines.items():
        for row in _rows(engine, select(inbox_subject).where(inbox_subject.c.parked_at.is_not(None))):
            yield f"{service}: {row.source} {row.subject} is parked: {row.reason}"


def _committed(source: Engine) -> dict[Key, str]:
    query = select(outbox.c.subject, outbox.c.sequence, outbox.c.event_id)
    return {(row.subject, row.sequence): row.event_id for row in _rows(source, query)}


def _uncounted(service: str, source: Engine, committed: Mapping[Key, str]) -> Iterator[str]:
    """Numbers that were given out without an event: a gap, at which every listener would wait for ever."""
    for row in _rows(source, select(outbox_sequence)):
        for sequence in range(1, row.last + 1):
            if (row.subject, sequence) not in committed:
                yield f"{service}: {row.subject} {sequence} was numbered, but is not in the outbox"


def _reckon_inbox(listener: Engine, where: str, source: str, committed: Mapping[Key, str], found: Reckoning) -> None:
    same = and_(inbox.c.source == inbox_subject.c.source, inbox.c.subject == inbox_subject.c.subject)
    query = select(inbox.c.subject, inbox.c.sequence, inbox.c.event_id).join(inbox_subject, same)
    applied = query.where(inbox.c.source == source, inbox.c.sequence <= inbox_subject.c.done)
    done = {(row.subject, row.sequence): row.event_id for row in _rows(listener, applied)}
    found.lost += [f"{where}: {key} was not applied" for key in committed.keys() - done.keys()]
    found.doubled += [f"{where}: {key} was applied, but never committed" for key in done.keys() - committed.keys()]
    for key in committed.keys() & done.keys():
        if committed[key] != done[key]:
            found.doubled.append(f"{where}: {key} is another event than the one committed")


def _reckon_log(engines: Mapping[str, Engine], found: Reckoning) -> None:
    query = text("SELECT source, subject, sequence, event_id FROM entry WHERE source <> 'audit' ORDER BY leaf_index")
    last: dict[tuple[str, str], int] = {}
    entries: dict[str, int] = {}
    for row in _rows(engines["audit"], query):
        entries[row.event_id] = entries.get(row.event_id, 0) + 1
        key = (row.source, row.subject)
        if row.sequence != last.get(key, 0) + 1:
            found.out_of_order.append(f"audit: {key} has {row.sequence} after {last.get(key, 0)}")
        last[key] = row.sequence
    heard = set(listeners()["audit"])
    committed = {event_id for source in heard for event_id in _committed(engines[source]).values()}
    found.lost += [f"audit: no entry of {event_id}" for event_id in committed - entries.keys()]
    found.doubled += [f"audit: an entry of {event_id}, never committed" for event_id in entries.keys() - committed]
    found.doubled += [f"audit: {times} entries of {event_id}" for event_id, times in entries.items() if times > 1]


def _rows(engine: Engine, statement: Any) -> list[Any]:
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        return list(connection.execute(statement).all())
