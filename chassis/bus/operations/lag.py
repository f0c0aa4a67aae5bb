"""How far behind each part of the bus is: what waits in outboxes, queues and inboxes, and what is held up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pika.adapters.blocking_connection import BlockingConnection
from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, select

from chassis.bus.broker import other_channel
from chassis.bus.operations.management import Management
from chassis.bus.topology import parked_name, queue_is_there, queue_name
from chassis.db.engine import database_now
from chassis.db.tables import inbox, inbox_subject, outbox


@dataclass(frozen=True, slots=True)
class DatabaseLag:
    """What waits in one service's database. Ages are in seconds, None where nothing waits.

    Subjects are held up that are tried again (`retrying`), wait for something unknown so far (`unknown`), lack an event
    before the next (`missing`) or are set aside (`parked`).
    """

    outbox: int
    outbox_age: float | None
    inbox: int
    inbox_age: float | None
    retrying: int
    unknown: int
    missing: int
    parked: int

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class QueueLag:
    """What waits in the broker for one service; None where there is no such queue."""

    queue: int | None
    unreadable: int | None

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SubscriberLag:
    """What waits for an outside consumer, of at most how many; at the limit the oldest are dropped."""

    name: str
    waiting: int
    limit: int | None

    @property
    def dropping(self) -> bool:
        """Whether whatever comes now costs the oldest."""
        return self.limit is not None and self.waiting >= self.limit

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self) | {"dropping": self.dropping}


def database_lag(engine: Engine) -> DatabaseLag:
    """Looks at one service's out- and inbox, without locks."""
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        now = database_now(connection)
        unsent, oldest = connection.execute(select(func.count(), func.min(outbox.c.at)).where(~outbox.c.sent)).one()
        waiting, held = _inbox(connection)
        return DatabaseLag(
            outbox=unsent,
            outbox_age=_age(oldest, now),
            inbox=int(waiting.events),
            inbox_age=_age(waiting.oldest, now),
            **held,
        )


def queue_lag(connection: BlockingConnection, service: str) -> QueueLag:
    """Asks the queues themselves: the management API's figures are some seconds old."""
    return QueueLag(depth(connection, queue_name(service)), depth(connection, parked_name(service)))


def subscriber_lag(connection: BlockingConnection, management: Management, prefix: str) -> list[SubscriberLag]:
    """Every outside consumer's queue."""
    found = []
    for name in management.queue_names():
        waiting = depth(connection, name) if name.startswith(prefix) else None
        if waiting is not None:
            found.append(SubscriberLag(name.removeprefix(prefix), waiting, _limit(management.queue(name))))
    return found


def depth(connection: BlockingConnection, queue: str) -> int | None:
    """How many messages wait in a queue; None where there is none."""
    if not queue_is_there(connection, queue):
        return None
    with other_channel(connection) as channel:
        return int(channel.queue_declare(queue, passive=True).method.message_count)


def _inbox(connection: Connection) -> tuple[Any, Mapping[str, int]]:
    """One look at the index for each subject; a subject that lacks an event waits for what is not there."""
    waiting = (
        select(
            inbox.c.source,
            inbox.c.subject,
            func.count().label("events"),
            func.min(inbox.c.received_at).label("oldest"),
            func.min(inbox.c.sequence).label("next"),
        )
        .join(inbox_subject, and_(inbox_subject.c.source == inbox.c.source, inbox_subject.c.subject == inbox.c.subject))
        .where(inbox.c.sequence > inbox_subject.c.done)
        .group_by(inbox.c.source, inbox.c.subject)
        .subquery()
    )
    events = connection.execute(
        select(func.coalesce(func.sum(waiting.c.events), 0).label("events"), func.min(waiting.c.oldest).label("oldest"))
    ).one()
    subject = inbox_subject.c
    here = and_(subject.source == waiting.c.source, subject.subject == waiting.c.subject)
    parked, unknown = subject.parked_at.is_not(None), subject.unknown_since.is_not(None)
    kinds = {
        "parked": parked,
        "unknown": and_(~parked, unknown),
        "retrying": and_(~parked, ~unknown, subject.attempts > 0),
        "missing": and_(~parked, ~unknown, subject.attempts == 0, waiting.c.next > subject.done + 1),
    }
    counted = select(*(_count(condition).label(name) for name, condition in kinds.items()))
    held = connection.execute(counted.select_from(waiting.join(inbox_subject, here))).one()
    return events, {name: int(getattr(held, name) or 0) for name in kinds}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, round((now - moment).total_seconds(), 3))


def _limit(queue: Mapping[str, Any] | None) -> int | None:
    """The lower of what stands in the arguments and in the policy."""
    told = queue or {}
    limits = (told.get("arguments", {}).get("x-max-length"), _policy(told).get("max-length"))
    known = [int(limit) for limit in limits if limit is not None]
    return min(known) if known else None


def _policy(queue: Mapping[str, Any]) -> Mapping[str, Any]:
    found = queue.get("effective_policy_definition") or {}
    return found if isinstance(found, dict) else {}
