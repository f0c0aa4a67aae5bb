"""What one would take otherwise: Celery and FastStream, with the same messages, kind of queue and effect.

Neither has an outbox or drops repeats: a producer sends while a worker handles, each message once acknowledged late.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Event
from typing import Any

import psycopg

from tests.bench.bus.bare import declare_queue, message
from tests.bench.bus.ground import Ground, effects

_AT_ONCE = 100
_QUEUE = "frameworks"
_INSERT = "INSERT INTO effect (subject, number, user_id) VALUES (%s, %s, %s)"


class _Framework:
    """Both want nothing but a table for the effects; what is sent is sent by a process of theirs."""

    def prepare(self, ground: Ground) -> None:
        with psycopg.connect(ground.plain_bakery) as bakery:
            bakery.execute("CREATE TABLE effect (id bigserial PRIMARY KEY, subject text, number bigint, user_id text)")
        declare_queue(ground.broker, _QUEUE)

    def fill(self, ground: Ground, numbers: range) -> None:
        """Nothing waits anywhere before it is sent."""

    def done(self, ground: Ground) -> int:
        return effects(ground.plain_bakery, "effect")


class Celery(_Framework):
    """One process that enqueues, one worker in the pool that is quickest with one process."""

    name = "celery"

    def processes(self, ground: Ground, count: int) -> Sequence[tuple[Callable[..., None], tuple[Any, ...]]]:
        return [(celery_send, (ground.broker, count)), (celery_work, (ground.broker, ground.plain_bakery))]


class FastStream(_Framework):
    """One process that publishes a hundred at a time with confirms, one that consumes a hundred at a time."""

    name = "faststream"

    def processes(self, ground: Ground, count: int) -> Sequence[tuple[Callable[..., None], tuple[Any, ...]]]:
        return [(faststream_send, (ground.broker, count)), (faststream_work, (ground.broker, ground.plain_bakery))]


def _celery_app(broker: str, database: str | None) -> Any:
    from celery import Celery as App  # noqa: PLC0415 (a process of its own has it, and no other)

    app = App("bench", broker=broker)
    app.conf.update(
        task_default_queue=_QUEUE,
        task_default_queue_type="quorum",
        task_acks_late=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=2 * _AT_ONCE,
        worker_detect_quorum_queues=True,
        worker_hijack_root_logger=False,
        broker_transport_options={"confirm_publish": True},
        task_create_missing_queues=True,
    )
    connection = psycopg.connect(database, autocommit=True) if database else None

    def bake(event: dict[str, Any]) -> None:
        if connection is not None:
            data = event["data"]
            connection.execute(_INSERT, (event["subject"], data["number"], data["user_id"]))

    app.task(name="bake")(bake)
    return app


def celery_send(broker: str, count: int, go: Event, _stop: Event) -> None:
    import orjson  # noqa: PLC0415

    app = _celery_app(broker, None)
    events = [orjson.loads(message(number)) for number in range(count)]
    go.wait()
    with app.producer_or_acquire() as producer:
        for event in events:
            app.tasks["bake"].apply_async((event,), producer=producer)


def celery_work(broker: str, database: str, go: Event, stop: Event) -> None:
    import threading  # noqa: PLC0415

    app = _celery_app(broker, database)
    worker = app.Worker(pool="solo", quiet=True, loglevel="ERROR", without_gossip=True, without_mingle=True)
    go.wait()

    def end() -> None:
        stop.wait()
        worker.stop()

    threading.Thread(target=end, daemon=True).start()
    worker.start()


def faststream_send(broker: str, count: int, go: Event, _stop: Event) -> None:
    from faststream.rabbit import RabbitBroker  # noqa: PLC0415

    bodies = [message(number) for number in range(count)]
    go.wait()

    async def send() -> None:
        async with RabbitBroker(broker, logger=None) as connected:
            for first in range(0, count, _AT_ONCE):
                batch = bodies[first : first + _AT_ONCE]
                await asyncio.gather(
                    *(connected.publish(body, _QUEUE, persist=True, content_type="application/json") for body in batch)
                )

    asyncio.run(send())


def faststream_work(broker: str, database: str, go: Event, stop: Event) -> None:
    from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue  # noqa: PLC0415

    go.wait()

    async def work() -> None:
        connection = await psycopg.AsyncConnection.connect(database, autocommit=True)
        connected = RabbitBroker(broker, logger=None, default_channel=Channel(prefetch_count=2 * _AT_ONCE))

        async def bake(event: dict[str, Any]) -> None:
            data = event["data"]
            await connection.execute(_INSERT, (event["subject"], data["number"], data["user_id"]))

        connected.subscriber(RabbitQueue(_QUEUE, queue_type=QueueType.QUORUM, durable=True))(bake)
        async with connected:
            await connected.start()
            await asyncio.to_thread(stop.wait)

    asyncio.run(work())
