"""Where a subject begins for a consumer that was not there from its first event on (OPS-4)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, exists, update

from chassis.bus.envelope import Envelope
from chassis.db.engine import sql_now
from chassis.db.tables import inbox, inbox_subject


def begin_with_history(connection: Connection, envelopes: Sequence[Envelope]) -> None:
    """Have subjects that history was replayed of begin with its first event, as nothing before it will ever come.

    Of a subject that anything was done of, or of which anything earlier has arrived, the mark stays where it is: it
    never goes back, and never over something that is not done. The envelopes are in the inbox already.
    """
    begins = {(each.source, each.subject): each.replayed_from for each in envelopes if (each.replayed_from or 1) > 1}
    for (source, subject), first in begins.items():
        earlier = exists().where(inbox.c.source == source, inbox.c.subject == subject, inbox.c.sequence < first)
        untouched = and_(inbox_subject.c.done == 0, inbox_subject.c.parked_at.is_(None), ~earlier)
        connection.execute(
            update(inbox_subject)
            .where(inbox_subject.c.source == source, inbox_subject.c.subject == subject, untouched)
            .values(done=(first or 1) - 1, due_at=sql_now(connection))
        )
