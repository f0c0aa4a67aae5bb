"""Wardenry's own bus: outbox, relay with pipelined confirms, quorum queue, inbox, worker; each effect exactly once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.synchronize import Event
from typing import Any

from chassis.bus.consumer import BrokerConsumer
from chassis.bus.inbox import INBOX_CHANNEL, Appetite
from chassis.bus.listener import Listener
from chassis.bus.loop import Loop, Wakeup
from chassis.bus.publisher import BrokerTransport
from chassis.bus.relay import Relay
from chassis.bus.topology import declare
from chassis.bus.worker import InboxWorker
from chassis.db.engine import make_engine
from chassis.db.outbox import OUTBOX_CHANNEL, Outlet
from tests.bench.bus.ground import Ground, effects
from tests.bench.bus.workload import LISTENER, METADATA, ONE_BY_ONE, SOURCE, TOGETHER, commit, publish

_LISTENERS = {LISTENER: (SOURCE,), SOURCE: ()}
_A_TRANSACTION = 100


class Wardenry:
    """One relay process and one consumer process, with the loops that `wardenry work` runs in them.

    Its handler is called for each event, as most of the services' are; or `together` for all that wait, as audit's is
    and as the bare pipeline does it.
    """

    def __init__(self, *, together: bool = False) -> None:
        self.name = "wardenry, together" if together else "wardenry, one by one"
        self._together = together

    def prepare(self, ground: Ground) -> None:
        for url in (ground.mill, ground.bakery):
            engine = make_engine(url)
            METADATA.create_all(engine)
            engine.dispose()
        declare(ground.broker, _LISTENERS)

    def fill(self, ground: Ground, numbers: range) -> None:
        engine = make_engine(ground.mill)
        for first in range(numbers.start, numbers.stop, _A_TRANSACTION):
            commit(engine, range(first, min(first + _A_TRANSACTION, numbers.stop)))
        engine.dispose()

    def processes(self, ground: Ground, count: int) -> Sequence[tuple[Callable[..., None], tuple[Any, ...]]]:
        return [(relay, (ground.mill, ground.broker)), (consume, (ground.bakery, ground.broker, self._together))]

    def done(self, ground: Ground) -> int:
        return effects(ground.plain_bakery, "effect")


def relay(url: str, broker: str, go: Event, stop: Event) -> None:
    """The publishing service's half of `wardenry work`."""
    engine = make_engine(url)
    wakeup = Wakeup()
    listener = Listener(engine.url, {OUTBOX_CHANNEL: wakeup})
    transport = BrokerTransport(broker, declare=partial(declare, broker, _LISTENERS))
    steps = Relay(engine, SOURCE, transport)
    _run([Loop("relay", steps.step, wakeup), Loop("listener", listener.step, Wakeup())], go, stop)


def consume(url: str, broker: str, together: bool, go: Event, stop: Event) -> None:
    """The listening service's half of `wardenry work`."""
    engine = make_engine(url)
    wakeup = Wakeup()
    subscriptions = TOGETHER if together else ONE_BY_ONE
    worker = InboxWorker(engine, subscriptions, lambda connection: connection, None, Outlet(LISTENER, publish))
    consumer = BrokerConsumer(
        broker,
        LISTENER,
        engine,
        Appetite(worker.wants),
        wake=wakeup,
        declare=partial(declare, broker, _LISTENERS),
    )
    listener = Listener(engine.url, {INBOX_CHANNEL: wakeup})
    loops = [
        Loop("consumer", consumer.step, Wakeup()),
        Loop("inbox", worker.step, wakeup),
        Loop("listener", listener.step, Wakeup()),
    ]
    _run(loops, go, stop)


def _run(loops: Sequence[Loop], go: Event, stop: Event) -> None:
    go.wait()
    for loop in loops:
        loop.start()
    stop.wait()
    for loop in loops:
        loop.stop()
    for loop in loops:
        loop.join(10)
