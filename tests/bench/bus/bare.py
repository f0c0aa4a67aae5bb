"""The limit: the same way in as little code as it can be, with plain psycopg and pika, in batches of 100.

It keeps no order, counts no failure, parks nothing and wakes nobody; it drops repeats by a key, as the inbox does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Event
from typing import Any

import orjson
import pika
import psycopg
from pika.adapters.blocking_connection import BlockingConnection
from pika.adapters.select_connection import SelectConnection

from chassis.bus.envelope import Envelope
from chassis.kernel.cause import Cause
from chassis.kernel.clock import SystemClock
from chassis.kernel.ids import new_id
from tests.bench.bus.ground import Ground, effects
from tests.bench.bus.workload import MILLED, SOURCE, Milled, data_of

BATCH = 100
QUEUE = "bare"
PERSISTENT = pika.BasicProperties(delivery_mode=2, content_type="application/cloudevents+json")


def message(number: int) -> bytes:
    """The event as Wardenry sends it, so that all move as many bytes."""
    cause = Cause(actor="user:geogym1", correlation_id=str(new_id()), site="medical", address="192.0.2.7")
    subject = Milled(number).subject
    return Envelope(
        str(new_id()), SOURCE, MILLED, subject, number + 1, SystemClock().now(), data_of(number), cause
    ).to_json()


class Bare:
    """One relay process and one consumer process."""

    name = "bare batched pipeline"

    def prepare(self, ground: Ground) -> None:
        with psycopg.connect(ground.plain_mill) as mill:
            mill.execute("CREATE TABLE bare_outbox (id bigserial PRIMARY KEY, body text, sent boolean DEFAULT false)")
            mill.execute("CREATE INDEX ON bare_outbox (id) WHERE NOT sent")
        with psycopg.connect(ground.plain_bakery) as bakery:
            bakery.execute("CREATE TABLE bare_inbox (id text PRIMARY KEY)")
            bakery.execute("CREATE TABLE effect (id bigserial PRIMARY KEY, subject text, number bigint, user_id text)")
        declare_queue(ground.broker, QUEUE)

    def fill(self, ground: Ground, numbers: range) -> None:
        rows = [(message(number).decode(),) for number in numbers]
        with psycopg.connect(ground.plain_mill) as mill, mill.cursor() as cursor:
            cursor.executemany("INSERT INTO bare_outbox (body) VALUES (%s)", rows)

    def processes(self, ground: Ground, count: int) -> Sequence[tuple[Callable[..., None], tuple[Any, ...]]]:
        return [(relay, (ground.plain_mill, ground.broker)), (consume, (ground.plain_bakery, ground.broker))]

    def done(self, ground: Ground) -> int:
        return effects(ground.plain_bakery, "effect")


def declare_queue(broker: str, queue: str) -> None:
    """A quorum queue that the default exchange leads to."""
    with BlockingConnection(pika.URLParameters(broker)) as connection:
        connection.channel().queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})


def relay(url: str, broker: str, go: Event, stop: Event) -> None:
    """A batch is published, confirmed, marked; then comes the next."""
    go.wait()
    with psycopg.connect(url) as database:
        _Relay(database, broker, stop).run()


class _Relay:
    """Everything happens in the callbacks of one connection."""

    def __init__(self, database: psycopg.Connection[Any], broker: str, stop: Event) -> None:
        self._database = database
        self._stop = stop
        self._published = 0
        self._confirmed = 0
        self._batch: list[int] = []
        self._channel: Any = None
        self._connection = SelectConnection(pika.URLParameters(broker), on_open_callback=self._opened)

    def run(self) -> None:
        self._connection.ioloop.start()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Any) -> None:
        self._channel = channel
        channel.confirm_delivery(self._on_confirm, callback=lambda _: self._next())

    def _next(self) -> None:
        if self._stop.is_set():
            self._connection.ioloop.stop()
            return
        rows = self._database.execute(
            "SELECT id, body FROM bare_outbox WHERE NOT sent ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED", (BATCH,)
        ).fetchall()
        if not rows:
            self._database.commit()
            self._connection.ioloop.call_later(0.005, self._next)
            return
        self._batch = [row[0] for row in rows]
        for _, body in rows:
            self._channel.basic_publish("", QUEUE, body.encode(), PERSISTENT, mandatory=True)
        self._published += len(rows)

    def _on_confirm(self, frame: Any) -> None:
        self._confirmed = frame.method.delivery_tag if frame.method.multiple else self._confirmed + 1
        if self._confirmed == self._published:
            self._database.execute("UPDATE bare_outbox SET sent = true WHERE id = ANY(%s)", (self._batch,))
            self._database.commit()
            self._next()


def consume(url: str, broker: str, go: Event, stop: Event) -> None:
    """A batch is written, with its effects; then it is acknowledged as one."""
    go.wait()
    with psycopg.connect(url) as database, BlockingConnection(pika.URLParameters(broker)) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=2 * BATCH)
        arrived: list[bytes] = []
        tag = 0
        for method, _, body in channel.consume(QUEUE, inactivity_timeout=0.005):
            if method is not None and body is not None:
                arrived.append(body)
                tag = method.delivery_tag
            if len(arrived) == BATCH or (body is None and arrived):
                _write(database, arrived)
                channel.basic_ack(tag, multiple=True)
                arrived.clear()
            if stop.is_set():
                return


def _write(database: psycopg.Connection[Any], arrived: Sequence[bytes]) -> None:
    events = [orjson.loads(body) for body in arrived]
    with database.transaction(), database.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bare_inbox VALUES (%s) ON CONFLICT DO NOTHING", [(event["id"],) for event in events]
        )
        cursor.executemany(
            "INSERT INTO effect (subject, number, user_id) VALUES (%s, %s, %s)",
            [(event["subject"], event["data"]["number"], event["data"]["user_id"]) for event in events],
        )
