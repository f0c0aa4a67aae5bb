"""Whether a service has anything left to publish or to apply."""

from __future__ import annotations

from sqlalchemy import Engine, select

from chassis.db.tables import inbox_subject, outbox


def is_quiet(engine: Engine) -> bool:
    """True where the outbox is sent and nothing of the inbox is due now or later; what is parked does not count."""
    unsent = select(outbox.c.position).where(~outbox.c.sent).limit(1)
    due = select(inbox_subject.c.subject).where(inbox_subject.c.due_at.is_not(None)).limit(1)
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        return connection.execute(unsent).first() is None and connection.execute(due).first() is None
