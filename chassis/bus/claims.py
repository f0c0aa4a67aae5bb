"""Which subjects of the inbox a worker takes on, and what waits in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Connection, Row, String, and_, func, literal, or_, select, update

from chassis.db.engine import database_now, sql_now
from chassis.db.tables import inbox, inbox_subject

_TROUBLED = or_(inbox_subject.c.attempts > 0, inbox_subject.c.unknown_since.is_not(None))

Waiting = Mapping[tuple[str, str], Sequence[Row[Any]]]
"""What waits, in sequence, by source and subject."""


def anything_due(connection: Connection) -> bool:
    """Whether any subject's turn has come; takes no lock."""
    return connection.execute(_due(connection, 1)).first() is not None


def claim(connection: Connection, limit: int, *, troubled: bool | None = None) -> Sequence[Row[Any]]:
    """Lock up to so many subjects whose turn has come, those that wait longest first.

    The lock lasts as long as the transaction; on SQLite that is the only one that writes. `troubled` picks those whose
    next event has failed or waited before, or those where all went well; None takes either.
    """
    due = _due(connection, limit).with_for_update(skip_locked=True)
    if troubled is not None:
        due = due.where(_TROUBLED if troubled else ~_TROUBLED)
    return connection.execute(due).all()


def recall(connection: Connection, longest: timedelta) -> int:
    """Give those their turn now who wait for one farther off than `longest`; returns how many there were.

    Nobody is sent away for longer, so that the clock they went by has been put back since.
    """
    now = database_now(connection)
    lost = update(inbox_subject).where(inbox_subject.c.due_at > now + longest).values(due_at=now)
    return connection.execute(lost).rowcount


def waiting(connection: Connection, subjects: Sequence[Row[Any]], helping: int) -> Waiting:
    """Of each claimed subject up to `helping` events behind the last one done, whether or not one is missing."""
    found: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in _rows(connection, subjects, helping):
        found[row.source, row.subject].append(row)
    return found


def _due(connection: Connection, limit: int) -> Any:
    ready = and_(inbox_subject.c.due_at <= sql_now(connection), inbox_subject.c.parked_at.is_(None))
    return select(inbox_subject).where(ready).order_by(inbox_subject.c.due_at).limit(limit)


def _rows(connection: Connection, subjects: Sequence[Row[Any]], helping: int) -> Sequence[Row[Any]]:
    if connection.dialect.name == "postgresql":
        return connection.execute(_of_all(subjects, helping)).all()
    return [row for subject in subjects for row in connection.execute(_of_one(subject, helping))]


def _of_all(subjects: Sequence[Row[Any]], helping: int) -> Any:
    columns = func.unnest(
        literal([each.source for each in subjects], ARRAY(String)),
        literal([each.subject for each in subjects], ARRAY(String)),
        literal([each.done for each in subjects], ARRAY(BigInteger)),
    )
    claimed = columns.table_valued("source", "subject", "done", name="claimed").render_derived()
    behind = and_(
        inbox.c.source == claimed.c.source,
        inbox.c.subject == claimed.c.subject,
        inbox.c.sequence > claimed.c.done,
        inbox.c.sequence <= claimed.c.done + helping,
    )
    return select(inbox).join_from(claimed, inbox, behind).order_by(inbox.c.source, inbox.c.subject, inbox.c.sequence)


def _of_one(subject: Row[Any], helping: int) -> Any:
    own = and_(inbox.c.source == subject.source, inbox.c.subject == subject.subject)
    behind = inbox.c.sequence.between(subject.done + 1, subject.done + helping)
    return select(inbox).where(own, behind).order_by(inbox.c.sequence)
