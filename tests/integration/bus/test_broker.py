"""What only a broker can do to us: lose a queue, take what nobody can read, and close the connection."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from kombu.connection import Connection
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from chassis.bus.envelope import CONTENT_TYPE, Envelope
from chassis.bus.publisher import BrokerTransport
from chassis.bus.relay import envelope_of
from chassis.bus.topology import EXCHANGE, declare, parked_name, queue_name
from chassis.bus.transport import Transport
from chassis.db.tables import outbox
from chassis.testing.waiting import eventually
from tests.contract.bus.world import Milled, World
from tests.integration.bus.conftest import Broker

_CONFIRMED = {"confirm_publish": True}
"""What nobody confirmed may be lost by a broker that is busy."""


class Slow:
    """Stands still between the claim and the bus until it may go on."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.reached, self.go_on = threading.Event(), threading.Event()

    def publish(self, envelopes: Sequence[Envelope]) -> set[str]:
        self.reached.set()
        self.go_on.wait(60)
        return self._transport.publish(envelopes)


def _parked(url: str) -> int:
    with Connection(url) as connection:
        return int(connection.default_channel.queue_declare(parked_name("bakery"), passive=True).message_count)


def test_what_cannot_be_read_is_parked_and_neighbours_pass(world: World, broker: Broker) -> None:
    with Connection(broker.url, transport_options=_CONFIRMED) as connection:
        producer = connection.Producer()
        for body in (b"not json", b'{"specversion": "1.0"}', b'"' + b"x" * 2_000_000 + b'"'):
            producer.publish(
                body,
                exchange=EXCHANGE.name,
                routing_key="mill.sack.milled.v1",
                content_type=CONTENT_TYPE,
                content_encoding="binary",
            )
    world.commit(Milled("sack/1", 1))
    world.deliver()
    assert world.baked() == [1]
    eventually(lambda: broker.consume() and _parked(broker.url) == 3)


def test_without_its_queue_an_event_stays_until_there_is_one(world: World, broker: Broker) -> None:
    world.commit(Milled("sack/1", 1))
    world.deliver()
    with Connection(broker.url) as connection:
        connection.default_channel.queue_delete(queue_name("bakery"))
    world.commit(Milled("sack/1", 2))
    assert world.relay.step() is False
    assert len(world.unsent()) == 1
    assert world.relay.step() is True


def test_what_no_service_listens_to_leaves_the_outbox_all_the_same(world: World, broker: Broker) -> None:
    with Connection(broker.url) as connection:
        connection.default_channel.queue_delete(queue_name("bakery"))
    unheard = BrokerTransport(broker.url, declare=lambda: None, heard=False)
    world.commit(Milled("sack/1", 1))
    assert world.new_relay(transport=unheard).step() is True
    assert world.unsent() == []
    unheard.close()


def test_what_was_in_a_lost_queue_is_published_again__OPS_3(world: World, broker: Broker) -> None:
    with (
        closing(broker.new_consumer("mill", world.mill)) as mills,
        closing(broker.new_consumer("bakery", world.bakery)) as bakerys,
    ):
        world.commit(Milled("sack/1", 1))
        world.relay.step()
        eventually(lambda: bakerys.step() and world.worker.step())
        world.commit(Milled("sack/1", 2), Milled("sack/2", 3))
        bakerys.close()
        world.relay.step()
        with Connection(broker.url) as connection:
            connection.default_channel.queue_delete(queue_name("bakery"))
        broker.declare()
        assert world.unsent() == []

        def all_baked() -> bool:
            for step in (bakerys.step, mills.step, world.relay.step, world.worker.step):
                step()
            return sorted(world.baked()) == [1, 2, 3]

        eventually(all_baked, within=30)
        assert world.baked("sack/1") == [1, 2]


def test_what_the_database_cannot_keep_is_parked_and_neighbours_pass(world: World, broker: Broker) -> None:
    world.commit(Milled("sack/1", 1))
    with world.mill.connect() as connection:
        (row,) = connection.execute(select(outbox)).all()
    unkeepable = replace(envelope_of(row, "mill"), subject="sack/2", data={"number": "\u0000"})
    with Connection(broker.url, transport_options=_CONFIRMED) as connection:
        connection.Producer().publish(
            unkeepable.to_json(),
            exchange=EXCHANGE.name,
            routing_key="mill.sack.milled.v1",
            content_type=CONTENT_TYPE,
            content_encoding="binary",
        )
    world.deliver()
    assert world.baked() == [1]
    eventually(lambda: broker.consume() and _parked(broker.url) == 1)


def test_a_relays_claims_are_free_as_soon_as_its_session_ends__OPS_3(world: World) -> None:
    world.commit(Milled("sack/1", 1))
    slow = Slow(world.transport)
    with ThreadPoolExecutor() as pool:
        paused = pool.submit(world.new_relay(transport=slow).step)
        slow.reached.wait(60)
        assert world.relay.step() is False
        with world.mill.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'outbox'::regclass"
                    " AND mode = 'RowShareLock' AND pid <> pg_backend_pid()"
                )
            )
        assert eventually(world.relay.step)
        slow.go_on.set()
        with pytest.raises(DBAPIError):
            paused.result(60)
    world.deliver()
    assert world.baked() == [1]


def test_an_unreachable_broker_loses_nothing(world: World, broker: Broker) -> None:
    world.commit(Milled("sack/1", 1))
    nowhere = BrokerTransport("amqp://nobody:nothing@127.0.0.1:1/none", declare=lambda: None)
    lost = world.new_relay(transport=nowhere)
    with pytest.raises(OSError, match="refused"):
        lost.step()
    assert len(world.unsent()) == 1
    eventually(world.relay.step)
    world.deliver()
    assert world.baked() == [1]


def test_declaring_twice_changes_nothing(world: World, broker: Broker) -> None:
    world.commit(Milled("sack/1", 1))
    world.carry()
    declare(broker.url, {"bakery": ("mill",)})
    world.deliver()
    assert world.baked() == [1]
