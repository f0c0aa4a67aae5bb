"""How much waits in a service's outbox and inbox: figures that its database knows (OPS-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, func, or_, select

from chassis.db.engine import database_now
from chassis.db.looking import brief_look
from chassis.db.tables import inbox_subject, outbox
from chassis.telemetry.readings import Figure


def bus_figures(engine: Engine) -> Sequence[Figure]:
    """Ages are in seconds, by the database's clock; what takes the database too long raises."""
    with brief_look(engine) as connection:
        now = database_now(connection)
        return [*_of_outbox(connection, now), *_of_inbox(connection, now)]


def _of_outbox(connection: Connection, now: datetime) -> Sequence[Figure]:
    unsent = ~outbox.c.sent
    waiting = connection.execute(select(func.count()).select_from(outbox).where(unsent)).scalar_one()
    oldest = connection.execute(select(outbox.c.at).where(unsent).order_by(outbox.c.position).limit(1)).scalar()
    return [
        Figure("wardenry_outbox_waiting", "Events that are not published yet", waiting),
        Figure("wardenry_outbox_oldest_age_seconds", "Since the oldest event that is not published", _age(oldest, now)),
    ]


def _of_inbox(connection: Connection, now: datetime) -> Sequence[Figure]:
    due, held = inbox_subject.c.due_at, or_(inbox_subject.c.attempts > 0, inbox_subject.c.unknown_since.is_not(None))
    counted = select(func.count(), func.min(due), func.count().filter(held)).where(due.is_not(None))
    waiting, oldest, troubled = connection.execute(counted).one()
    parked = select(func.count()).select_from(inbox_subject).where(inbox_subject.c.parked_at.is_not(None))
    return [
        Figure("wardenry_inbox_due_subjects", "Subjects with events to be worked off, now or later", waiting),
        Figure("wardenry_inbox_oldest_due_age_seconds", "Since when the oldest of them is due", _age(oldest, now)),
        Figure("wardenry_inbox_held_subjects", "Those of them whose next event has failed or waits", troubled),
        Figure(
            "wardenry_inbox_parked_subjects",
            "Subjects behind an event that is parked",
            connection.execute(parked).scalar_one(),
        ),
    ]


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())
