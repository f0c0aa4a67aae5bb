"""What is done where a service's queue was lost with all that was in it: everybody publishes once more what they sent
since the service last heard of anything (OPS-3). What arrives twice by that the inboxes drop.

A queue that was made anew looks like any other. So each consumer binds its queue to a key of its own, and publishes to
that key whenever it connects: what comes back says that this is another queue than the one that it bound.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import amqp
import structlog
from sqlalchemy import Engine, func, select, update

from chassis.bus.envelope import rfc3339
from chassis.bus.topology import EXCHANGE, REPUBLISH, queue_name
from chassis.db.engine import among
from chassis.db.tables import inbox, outbox

MACHINERY = "bus."
"""What routing keys of messages begin with that are no events."""

_MARGIN = timedelta(seconds=60)
_ANSWER_WITHIN = 5.0
_AT_ONCE = 10_000
_PERSISTENT = 2

log = structlog.get_logger(__name__)


def ask_if_lost(connection: Any, service: str, engine: Engine) -> None:
    """Ask everybody to publish again, if the service's queue is not the one that this was called for last.

    `connection` is an AMQP connection on which nothing is consumed yet. A service that has not received anything so
    far has nothing to miss.
    """
    channel = connection.channel()
    try:
        if not _came_back(channel, here_key(service)):
            return
        since = _last_received(engine)
        if since is not None:
            log.warning("queue_lost", queue=queue_name(service), asking_for_all_since=rfc3339(since))
            _publish(channel, REPUBLISH, {"service": service, "since": rfc3339(since)})
        channel.queue_bind(queue_name(service), EXCHANGE.name, here_key(service))
    finally:
        channel.close()


def answer(routing_key: str, body: bytes, engine: Engine) -> None:
    """Do what a message that is no event asks for."""
    if routing_key == REPUBLISH:
        asked = json.loads(body)
        count = publish_again(engine, datetime.fromisoformat(asked["since"]))
        log.warning("publishing_again", asked_by=asked["service"], since=asked["since"], events=count)


def publish_again(engine: Engine, since: datetime) -> int:
    """Have the relay publish what it has published since then; returns how many events."""
    count, last = 0, 0
    while positions := _sent_since(engine, since, last):
        with engine.begin() as connection:
            these = among(connection, outbox.c.position, positions)
            count += connection.execute(update(outbox).where(these, outbox.c.sent).values(sent=False)).rowcount
        last = positions[-1]
    return count


def _sent_since(engine: Engine, since: datetime, behind: int) -> list[int]:
    wanted = select(outbox.c.position).where(outbox.c.position > behind, outbox.c.sent, outbox.c.sent_at >= since)
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        return list(connection.execute(wanted.order_by(outbox.c.position).limit(_AT_ONCE)).scalars())


def here_key(service: str) -> str:
    """The key by which a consumer knows the queue that it bound."""
    return f"{MACHINERY}here.{service}"


def _last_received(engine: Engine) -> datetime | None:
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        moment: datetime | None = connection.execute(select(func.max(inbox.c.received_at))).scalar_one()
        return None if moment is None else moment - _MARGIN


def _came_back(channel: Any, routing_key: str) -> bool:
    returned: list[str] = []
    channel.events["basic_return"].add(lambda _error, _exchange, key, _message: returned.append(key))
    _publish(channel, routing_key, {})
    return bool(returned)


def _publish(channel: Any, routing_key: str, content: Mapping[str, str]) -> None:
    message = amqp.Message(json.dumps(content), content_type="application/json", delivery_mode=_PERSISTENT)
    channel.basic_publish_confirm(
        message, exchange=EXCHANGE.name, routing_key=routing_key, mandatory=True, timeout=_ANSWER_WITHIN
    )
