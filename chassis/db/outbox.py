"""The outbox: what a transaction records leaves its service if, and only if, it commits (OPS-3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, text

from chassis.db.engine import upsert
from chassis.db.tables import outbox, outbox_sequence
from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Message, Publish

OUTBOX_CHANNEL = "wardenry_outbox"


def _nobody() -> None:
    """Wakes nobody: the relay polls, and PostgreSQL notifies."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where a service's facts leave: its name as a source, their public form, and whom to wake once they are there."""

    source: str
    publish: Publish
    wake: Callable[[], None] = _nobody


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message with what brought it about."""

    message: Message
    cause: Cause


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it stands in the outbox: its event's identifier, its number within its subject, and when."""

    event_id: str
    sequence: int
    at: datetime
    outgoing: Outgoing


def append(connection: Connection, outgoing: Sequence[Outgoing], at: datetime) -> list[Written]:
    """Write messages to the outbox of the open transaction, each with the next `sequence` of its subject.

    Subjects are numbered in sorted order, so that two transactions never wait for each other's; the row lock on a
    subject's number is held to the commit, which makes the numbers gapless and in the order of commits.
    """
    if not outgoing:
        return []
    numbers = _take_numbers(connection, Counter(item.message.subject for item in outgoing))
    written = [Written(str(new_id()), next(numbers[item.message.subject]), at, item) for item in outgoing]
    connection.execute(insert(outbox), [_row(each) for each in written])
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": OUTBOX_CHANNEL})
    return written


def _take_numbers(connection: Connection, wanted: Counter[str]) -> dict[str, Iterator[int]]:
    numbers = {}
    for subject, count in sorted(wanted.items()):
        statement = upsert(connection, outbox_sequence).values(subject=subject, last=count)
        statement = statement.on_conflict_do_update(
            index_elements=["subject"], set_={"last": outbox_sequence.c.last + count}
        ).returning(outbox_sequence.c.last)
        last = connection.execute(statement).scalar_one()
        numbers[subject] = iter(range(last - count + 1, last + 1))
    return numbers


def _row(written: Written) -> dict[str, object]:
    cause, message = written.outgoing.cause, written.outgoing.message
    return {
        "event_id": written.event_id,
        "type": message.type,
        "subject": message.subject,
        "sequence": written.sequence,
        "at": written.at,
        "data": dict(message.data),
        "actor": cause.actor,
        "actor_site": cause.site,
        "actor_address": cause.address,
        "correlation_id": cause.correlation_id,
        "causation_id": cause.causation_id,
        "traceparent": cause.traceparent,
        "sent": False,
    }
