"""One service's work process: relay, consumer, inbox and errands, each in a loop of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import structlog

from chassis.assembly import Service
from chassis.bus.consumer import BrokerConsumer
from chassis.bus.inbox import INBOX_CHANNEL
from chassis.bus.listener import Listener
from chassis.bus.loop import Loop, Wakeup
from chassis.bus.publisher import BrokerTransport
from chassis.bus.relay import Relay
from chassis.db.outbox import OUTBOX_CHANNEL
from chassis.telemetry.health import Health
from chassis.tidying import tidying

_HANGING_AFTER = 60.0
_BY_BROKER = ("relay", "consumer")

log = structlog.get_logger(__name__)


class Workers:
    """Runs until `stop`; what is under way is finished, what is not acknowledged comes again.

    `heard` says whether any service listens to this one: audit's events are for outside consumers alone, if any.
    """

    def __init__(self, service: Service, broker_url: str, declare: Callable[[], object], *, heard: bool = True) -> None:
        self._service = service
        telemetry = service.telemetry
        self._transport = BrokerTransport(broker_url, declare=declare, heard=heard, meter=telemetry.meters.bus)
        self._consumer = BrokerConsumer(
            broker_url,
            service.name,
            service.engine,
            service.appetite,
            wake=service.inbox_wakeup,
            declare=declare,
            telemetry=telemetry,
        )
        channels = {OUTBOX_CHANNEL: service.outbox_wakeup, INBOX_CHANNEL: service.inbox_wakeup}
        self._listener = Listener(service.engine.url, channels)
        relay = Relay(service.engine, service.name, self._transport, telemetry=telemetry)
        errands = (*service.errands, tidying(service))
        loop = partial(Loop, meter=telemetry.meters.loops)
        self._loops = [
            loop("relay", relay.step, service.outbox_wakeup),
            loop("consumer", self._consumer.step, Wakeup()),
            loop("inbox", service.inbox_step, service.inbox_wakeup),
            loop("listener", self._listener.step, Wakeup()),
            *(loop(errand.name, errand.step, errand.wakeup, poll=errand.poll) for errand in errands),
        ]

    def health(self) -> Health:
        """Ready: database and broker were reached, are there, and no step hangs. Alive: no loop has died."""
        by_broker = [loop for loop in self._loops if loop.name in _BY_BROKER]
        ready = {
            **self._service.ready,
            "broker": lambda: all(loop.has_stepped and not loop.fails for loop in by_broker),
            "loops": lambda: all(loop.runs and not loop.hangs(_HANGING_AFTER) for loop in self._loops),
        }
        alive = {loop.name: partial(_lives, loop) for loop in self._loops}
        return Health(ready, self._service.telemetry.drain, alive)

    def start(self) -> None:
        """Begin."""
        for loop in self._loops:
            loop.start()

    def stop(self, within: float) -> bool:
        """Finish what is under way; False where something did not end within so many seconds."""
        deadline = time.monotonic() + within
        for loop in self._loops:
            loop.stop()
        late = [loop.name for loop in self._loops if not loop.join(max(0.0, deadline - time.monotonic()))]
        if late:
            log.warning("loops_cut_short", loops=late)
            return False
        self._consumer.close()
        self._transport.close()
        self._listener.close()
        return True


def _lives(loop: Loop) -> bool:
    return not loop.has_died
