"""The messages and their states, in SQL: claims are made here, by lock and lease."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select, update

from chassis.db.engine import upsert
from services.notify.adapters.tables import message
from services.notify.domain.message import Message, Reason, Sealed, State
from services.notify.domain.notices import Channel
from services.notify.domain.occasions import Occasion

_URGENT, _ORDINARY = 0, 1
_INVITATION = "invitation"


class SqlMessages:
    """`Messages` in the open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, given: Message) -> bool:
        statement = upsert(self._connection, message).values(_row(given))
        once = ["cause_event", "notice", "recipient", "channel"]
        kept = statement.on_conflict_do_nothing(index_elements=once).returning(message.c.id)
        return self._connection.execute(kept).first() is not None

    def take_due(self, now: datetime) -> Message | None:
        row = self._connection.execute(_due(now).with_for_update(skip_locked=True)).first()
        return _message(row) if row else None

    def anything_due(self, now: datetime) -> bool:
        return self._connection.execute(_due(now)).first() is not None

    def save(self, given: Message, *, claimed_as: int | None = None) -> bool:
        here = message.c.id == given.id
        if claimed_as is not None:
            here = and_(here, message.c.state == State.SENDING.value, message.c.attempts == claimed_as)
        return self._connection.execute(update(message).where(here).values(_row(given))).rowcount == 1

    def awaiting_address(self, user_id: str) -> Sequence[Message]:
        waiting = select(message).where(
            message.c.user_id == user_id,
            message.c.state == State.QUEUED.value,
            message.c.reason == Reason.NO_ADDRESS.value,
        )
        return [_message(row) for row in self._connection.execute(waiting.with_for_update())]

    def redact(self, user_id: str) -> None:
        over = (message.c.user_id == user_id, message.c.ended_at.is_not(None))
        self._connection.execute(update(message).where(*over).values(address=None, facts={}, sealed=None))

    def redact_invitations(self, address: str, temporary_id: str) -> None:
        """What made each of them one of a kind was the address, too: its own identifier takes its place."""
        over = (message.c.address == address, message.c.user_id.is_(None), message.c.ended_at.is_not(None))
        sent = select(message.c.id, message.c.facts).where(*over, message.c.notice == _INVITATION)
        for row in self._connection.execute(sent).all():
            if row.facts.get("temporary_id") == temporary_id:
                gone: dict[str, object] = {
                    "address": None,
                    "facts": {},
                    "sealed": None,
                    "recipient": f"forgotten:{row.id}",
                }
                self._connection.execute(update(message).where(message.c.id == row.id).values(gone))

    def free_all(self, now: datetime) -> int:
        sending = message.c.state == State.SENDING.value
        return self._connection.execute(update(message).where(sending).values(due_at=now)).rowcount


def _due(now: datetime) -> Select[Any]:
    return (
        select(message)
        .where(message.c.due_at.is_not(None), message.c.due_at <= now)
        .order_by(message.c.rank, message.c.queued_at, message.c.id)
        .limit(1)
    )


def _row(given: Message) -> dict[str, Any]:
    sealed, occasion = given.sealed, given.occasion
    return {
        "id": given.id,
        "notice": given.notice,
        "channel": given.channel.value,
        "recipient": given.recipient,
        "user_id": given.user_id,
        "address": given.address,
        "language": given.language,
        "site": given.site,
        "facts": dict(given.facts),
        "cause_event": occasion.event_id,
        "cause_actor": occasion.actor,
        "cause_at": occasion.at,
        "correlation_id": occasion.correlation_id,
        "traceparent": occasion.traceparent,
        "rank": _URGENT if given.urgent else _ORDINARY,
        "queued_at": given.queued_at,
        "due_at": given.due_at,
        "sealed": sealed and sealed.text,
        "sealed_place": sealed and sealed.place,
        "expires_at": given.expires_at,
        "state": given.state.value,
        "attempts": given.attempts,
        "reason": given.reason and given.reason.value,
        "ended_at": given.ended_at,
    }


def _message(row: Row[Any]) -> Message:
    return Message(
        id=row.id,
        notice=row.notice,
        channel=Channel(row.channel),
        recipient=row.recipient,
        user_id=row.user_id,
        address=row.address,
        language=row.language,
        site=row.site,
        facts=row.facts,
        occasion=Occasion(
            row.cause_event, row.correlation_id, row.cause_actor, row.cause_at, traceparent=row.traceparent
        ),
        queued_at=row.queued_at,
        due_at=row.due_at,
        sealed=Sealed(row.sealed, row.sealed_place) if row.sealed else None,
        expires_at=row.expires_at,
        state=State(row.state),
        attempts=row.attempts,
        reason=Reason(row.reason) if row.reason else None,
        ended_at=row.ended_at,
    )
