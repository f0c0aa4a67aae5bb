"""Forgets events that are long done, so that in- and outboxes stay as large as what they keep (OPS-4, OPS-8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, delete, select, tuple_

from chassis.db.engine import among, database_now
from chassis.db.tables import inbox, inbox_subject, outbox

_AT_ONCE = 2_000
_LONGER = timedelta(days=1)
"""By how much an inbox outlasts the outboxes: whatever can still come again meets its own row."""


def prune(engine: Engine, kept: timedelta) -> int:
    """Delete what was sent longer ago than `kept`, and what arrived a day before that and is done.

    Returns how many rows went. What was never sent, waits or is parked stays, however old it is. No transaction
    deletes more than a few thousand rows.
    """
    total = 0
    while count := _prune_some(engine, kept):
        total += count
    return total


def _prune_some(engine: Engine, kept: timedelta) -> int:
    with engine.begin() as connection:
        before = database_now(connection) - kept
        return _prune_outbox(connection, before) + _prune_inbox(connection, before - _LONGER)


def _prune_outbox(connection: Connection, before: datetime) -> int:
    """Only at its old end, so that a look at an outbox that is all new costs no more than a few rows."""
    oldest = select(outbox.c.position, outbox.c.sent, outbox.c.sent_at).order_by(outbox.c.position).limit(_AT_ONCE)
    over = [row.position for row in connection.execute(oldest) if row.sent and row.sent_at < before]
    return connection.execute(delete(outbox).where(among(connection, outbox.c.position, over))).rowcount if over else 0


def _prune_inbox(connection: Connection, before: datetime) -> int:
    own = and_(inbox_subject.c.source == inbox.c.source, inbox_subject.c.subject == inbox.c.subject)
    done = (
        select(inbox.c.source, inbox.c.subject, inbox.c.sequence)
        .join(inbox_subject, own)
        .where(inbox.c.received_at < before, inbox.c.sequence <= inbox_subject.c.done)
        .order_by(inbox.c.received_at)
        .limit(_AT_ONCE)
    )
    key = tuple_(inbox.c.source, inbox.c.subject, inbox.c.sequence)
    return connection.execute(delete(inbox).where(key.in_(done))).rowcount
