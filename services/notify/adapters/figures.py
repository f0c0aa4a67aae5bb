"""How many messages wait to be sent: figures that the database knows (OPS-5)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, func, select

from chassis.db.engine import database_now
from chassis.db.looking import brief_look
from chassis.telemetry.readings import Figure
from services.notify.adapters.tables import message
from services.notify.domain.message import State

_OPEN = (State.QUEUED.value, State.SENDING.value)


def message_figures(engine: Engine) -> Sequence[Figure]:
    """Of open messages alone, which an index finds; the age is since a message was queued, by the database's clock."""
    counted = (
        select(message.c.state, func.count().label("number"), func.min(message.c.queued_at).label("oldest"))
        .where(message.c.due_at.is_not(None))
        .group_by(message.c.state)
    )
    with brief_look(engine) as connection:
        now = database_now(connection)
        rows = {row.state: row for row in connection.execute(counted)}
    ages = [(now - row.oldest).total_seconds() for row in rows.values()]
    numbers = {state: rows[state].number if state in rows else 0 for state in _OPEN}
    return [
        *(
            Figure("wardenry_notify_open_messages", "Messages to be sent", number, ("state", state))
            for state, number in numbers.items()
        ),
        Figure(
            "wardenry_notify_oldest_open_age_seconds", "Since the oldest of them was queued", max(ages, default=0.0)
        ),
    ]
