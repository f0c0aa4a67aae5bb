"""What is set aside in an inbox: each subject's parked event, tried again or skipped, with what waits behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, Row, Select, and_, func, null, select, text, update

from chassis.bus.inbox import INBOX_CHANNEL
from chassis.db.engine import database_now
from chassis.db.tables import inbox, inbox_subject

log = structlog.get_logger(__name__)

_COLUMNS = inbox_subject.c
_OWN = and_(inbox.c.source == _COLUMNS.source, inbox.c.subject == _COLUMNS.subject)


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """An event that failed too often, and how many of its subject wait behind it.

    Where `failed` is False nothing was tried: the whole subject is set aside, for the reason that is told.
    """

    source: str
    subject: str
    sequence: int
    type: str
    event_id: str
    parked_at: datetime
    attempts: int
    reason: str
    stack: str
    behind: int
    document: Mapping[str, Any]

    @property
    def failed(self) -> bool:
        """Whether it is this event that failed."""
        return self.attempts > 0


class NothingToSkipError(Exception):
    """The subject is set aside as a whole, for no fault of its next event; the message says what to do."""


def parked_events(engine: Engine) -> list[ParkedEvent]:
    """All that is parked, the oldest first."""
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        return [_parked(row) for row in connection.execute(_select().order_by(_COLUMNS.parked_at))]


def parked_event(engine: Engine, source: str, subject: str) -> ParkedEvent | None:
    """What is parked of a subject; None where nothing is."""
    wanted = _select().where(_COLUMNS.source == source, _COLUMNS.subject == subject)
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        row = connection.execute(wanted).first()
    return None if row is None else _parked(row)


def replay(engine: Engine, event: ParkedEvent) -> bool:
    """Have the event tried again, and then in order what waits behind it; False where it is parked no more.

    However often it is called, by however many: the inbox applies an event once.
    """
    with engine.begin() as connection:
        if not _lock(connection, event):
            return False
        _go_on(connection, event, done=event.sequence - 1)
    return True


def drop(engine: Engine, event: ParkedEvent, *, service: str, by: str, why: str) -> bool:
    """Skip the event for good and let the rest go on; False, and nothing skipped, where it is parked no more.

    Its effect will be missing: who did so, and why, is written to the log. Raises `NothingToSkipError`.
    """
    if not event.failed:
        raise NothingToSkipError(
            f"No event of {event.subject} failed ({event.reason}): `replay` has it go on with what is here."
        )
    with engine.begin() as connection:
        if not _lock(connection, event):
            return False
        own = and_(inbox.c.source == event.source, inbox.c.subject == event.subject)
        connection.execute(update(inbox).where(own, inbox.c.sequence == event.sequence).values(envelope=null()))
        _go_on(connection, event, done=event.sequence)
    log.warning(
        "event_dropped",
        of=service,
        source=event.source,
        subject=event.subject,
        sequence=event.sequence,
        type=event.type,
        event_id=event.event_id,
        reason=event.reason,
        by=by,
        why=why,
    )
    return True


def _select() -> Select[Any]:
    behind = select(func.count()).where(_OWN, inbox.c.sequence > _COLUMNS.done + 1).correlate(inbox_subject)
    return (
        select(
            inbox_subject, inbox.c.type, inbox.c.event_id, inbox.c.envelope, behind.scalar_subquery().label("behind")
        )
        .outerjoin(inbox, and_(_OWN, inbox.c.sequence == _COLUMNS.done + 1))
        .where(_COLUMNS.parked_at.is_not(None))
    )


def _parked(row: Row[Any]) -> ParkedEvent:
    return ParkedEvent(
        source=row.source,
        subject=row.subject,
        sequence=row.done + 1,
        type=row.type or "",
        event_id=row.event_id or "",
        parked_at=row.parked_at,
        attempts=row.attempts,
        reason=row.reason or "",
        stack=row.stack or "",
        behind=row.behind,
        document=row.envelope or {},
    )


def _lock(connection: Connection, event: ParkedEvent) -> bool:
    """Whether it is still that very event; from now on to the commit nobody else may touch the subject."""
    still = select(_COLUMNS.done).where(
        _COLUMNS.source == event.source,
        _COLUMNS.subject == event.subject,
        _COLUMNS.done == event.sequence - 1,
        _COLUMNS.parked_at.is_not(None),
    )
    return connection.execute(still.with_for_update()).first() is not None


def _go_on(connection: Connection, event: ParkedEvent, *, done: int) -> None:
    connection.execute(
        update(inbox_subject)
        .where(_COLUMNS.source == event.source, _COLUMNS.subject == event.subject)
        .values(
            done=done,
            due_at=database_now(connection),
            attempts=0,
            unknown_since=null(),
            parked_at=null(),
            reason=null(),
            stack=null(),
        )
    )
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": INBOX_CHANNEL})
