"""Shows where a publisher counts anew what it had counted before: it was restored from a backup (OPS-8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import structlog
from sqlalchemy import Connection, and_, select, tuple_, update

from chassis.bus.envelope import Envelope
from chassis.db.engine import sql_now
from chassis.db.tables import inbox, inbox_subject

log = structlog.get_logger(__name__)


def park_forks(connection: Connection, arrived: Sequence[Envelope]) -> None:
    """Park every subject of which an event arrived under a number that another event has in the inbox.

    Both cannot be right, and which effects stand is for people to judge: silence would lose the later one.
    """
    for envelope, event_id in _forked(connection, arrived):
        reason = f"ForkedSequenceError: {envelope.sequence} is {event_id} here, and {envelope.id} at its publisher now"
        log.error("sequence_forked", source=envelope.source, subject=envelope.subject, sequence=envelope.sequence)
        own = and_(inbox_subject.c.source == envelope.source, inbox_subject.c.subject == envelope.subject)
        parked = {"parked_at": sql_now(connection), "due_at": None, "reason": reason, "stack": None}
        connection.execute(update(inbox_subject).where(own, inbox_subject.c.parked_at.is_(None)).values(parked))


def _forked(connection: Connection, arrived: Sequence[Envelope]) -> Iterator[tuple[Envelope, str]]:
    key = tuple_(inbox.c.source, inbox.c.subject, inbox.c.sequence)
    keys = [(each.source, each.subject, each.sequence) for each in arrived]
    rows = connection.execute(select(inbox).where(key.in_(keys))).all()
    there = {(row.source, row.subject, row.sequence): row.event_id for row in rows}
    for each in arrived:
        event_id = there[each.source, each.subject, each.sequence]
        if event_id != each.id:
            yield each, event_id
