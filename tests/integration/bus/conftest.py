"""The bus over RabbitMQ and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import Engine, select

from chassis.bus.broker import connected
from chassis.bus.consumer import BrokerConsumer
from chassis.bus.envelope import Envelope
from chassis.bus.inbox import Appetite
from chassis.bus.operations.deliveries import QueueDelivery
from chassis.bus.publisher import BrokerTransport
from chassis.bus.topology import declare
from chassis.db.engine import make_engine
from chassis.db.tables import inbox, outbox
from chassis.testing.waiting import eventually
from deploy.native.databases import Databases
from tests.contract.bus.world import BAKERY_WANTS, World


class Broker:
    """The bakery's consumer, stepped until all that the mill has sent has arrived."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.transport = BrokerTransport(url, declare=self.declare)
        self.world: World | None = None
        self.consumer: BrokerConsumer | None = None
        self.awaited: set[tuple[str, int]] = set()
        self._seen: set[tuple[str, int]] = set()

    def declare(self) -> None:
        declare(self.url, {"bakery": ("mill",), "mill": ()})

    def arrive(self) -> None:
        assert self.world is not None
        if self.consumer is None:
            self.consumer = self.new_consumer("bakery", self.world.bakery)
        eventually(self._all_there)

    def consume(self) -> bool:
        """Take in what has arrived by now, true: a large message may come after smaller ones that were sent later."""
        assert self.consumer is not None
        self.consumer.step()
        return True

    def new_consumer(self, service: str, engine: Engine) -> BrokerConsumer:
        appetite = Appetite(BAKERY_WANTS)
        return BrokerConsumer(self.url, service, engine, appetite, wake=lambda: None, declare=self.declare)

    def close(self) -> None:
        self.transport.close()
        if self.consumer is not None:
            self.consumer.close()

    def _all_there(self) -> bool:
        assert self.world is not None
        assert self.consumer is not None
        with self.world.mill.connect() as mill, self.world.bakery.connect() as bakery:
            sent = set(mill.execute(select(outbox.c.subject, outbox.c.sequence).where(outbox.c.sent)).all())
            there = set(bakery.execute(select(inbox.c.subject, inbox.c.sequence)).all())
        self._seen |= there
        return (sent <= self._seen and self.awaited <= there) or (self.consumer.step() and False)


@pytest.fixture
def broker(vhost: str) -> Iterator[Broker]:
    made = Broker(vhost)
    made.declare()
    yield made
    made.close()


@pytest.fixture
def world(broker: Broker, postgresql: Databases) -> Iterator[World]:
    databases = [postgresql.create() for _ in range(2)]
    mill, bakery = (make_engine(each.url) for each in databases)
    broker.world = World(mill, bakery, broker.transport, broker.arrive)
    yield broker.world
    mill.dispose()
    bakery.dispose()
    for each in databases:
        postgresql.drop(each)


@pytest.fixture
def to_bakery(broker: Broker, world: World) -> Iterator[Callable[[Sequence[Envelope]], None]]:
    """How history reaches the bakery alone: through its own queue."""
    with connected(broker.url) as connection:
        delivery = QueueDelivery(connection, "bakery", waiting=lambda: None)

        def deliver(envelopes: Sequence[Envelope]) -> None:
            broker.awaited |= {(each.subject, each.sequence) for each in envelopes}
            delivery(envelopes)

        yield deliver
