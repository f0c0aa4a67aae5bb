"""Outside systems take events from the broker, knowing nothing but the guide and the contracts (`events.md`)."""

from __future__ import annotations

import ast
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ChannelClosedByBroker

from chassis.bus.broker import connected, other_channel
from chassis.bus.operations.lag import depth, subscriber_lag
from chassis.bus.operations.management import managed
from chassis.bus.operations.subscribers import PREFIX, open_types
from chassis.bus.publisher import BrokerTransport
from chassis.bus.relay import Relay
from chassis.bus.topology import EXCHANGE, declare, queue_name
from chassis.db.engine import make_engine
from chassis.db.outbox import Outgoing, append
from chassis.db.tables import metadata
from chassis.kernel.cause import Cause
from chassis.kernel.clock import SystemClock
from chassis.kernel.messages import Message
from chassis.testing.waiting import eventually
from deploy.native.broker import Broker
from tests.contract.bus.commands import Operator
from tests.contract.bus.samples import sample, schema_of
from wardenry.registry import listeners, published

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "consumers"
GIVEN, LOCKED = "entitlements.access.given.v1", "identity.account.locked.v1"
CAUSE = Cause(actor="user:mary", correlation_id="c-1", site="medical", address="192.0.2.7")


class Sources:
    """Every publishing service's outbox, and the relay that empties it."""

    def __init__(self, folder: Path, broker_url: str) -> None:
        self._folder = folder
        self._url = broker_url

    def publish(self, event_types: list[str], subject: str = "account/mary") -> None:
        """Commit one event of each type, and relay them all."""
        for source in sorted({each.partition(".")[0] for each in event_types}):
            engine = make_engine(f"sqlite:///{self._folder / source}.sqlite")
            metadata().create_all(engine)
            own = [each for each in event_types if each.startswith(f"{source}.")]
            messages = [Message(each, subject, sample(schema_of(each), schema_of(each))) for each in own]
            with engine.begin() as connection:
                append(connection, [Outgoing(message, CAUSE) for message in messages], SystemClock().now())
            transport = BrokerTransport(self._url, declare=partial(declare, self._url, listeners()))
            relay = Relay(engine, source, transport)
            assert relay.step()
            assert relay.step() is False
            transport.close()
            engine.dispose()


@pytest.fixture
def sources(tmp_path: Path, vhost: str) -> Sources:
    declare(vhost, listeners())
    return Sources(tmp_path, vhost)


@pytest.fixture
def operator(vhost: str, rabbitmq: Broker) -> Operator:
    return Operator({"WARDENRY_BROKER_URL": vhost, "WARDENRY_BROKER_MANAGEMENT_URL": rabbitmq.management_url})


@pytest.fixture
def name(operator: Operator) -> Iterator[str]:
    """That of a consumer, who is removed in the end: users are the whole broker's."""
    made = f"crm-{secrets.token_hex(4)}"
    yield made
    operator.bus("subscriber", "remove", made, "--yes")


def url_of(vhost: str, added: dict[str, Any]) -> str:
    """The broker's address for a consumer who was told user and password."""
    there = urlsplit(vhost)
    return f"amqp://{added['user']}:{added['password']}@{there.hostname}:{there.port}{there.path}"


@contextmanager
def running(program: str, url: str, queue: str) -> Iterator[Callable[[], dict[str, Any]]]:
    """A client of the guide, run as it stands there; each call is the next event that it prints."""
    environment = {"AMQP_URL": url, "QUEUE": queue, "PATH": os.environ["PATH"]}
    command = [sys.executable, "-I", str(GUIDE / program)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as client:
        printed = client.stdout
        assert printed is not None
        yield lambda: json.loads(printed.readline())
        client.kill()


@pytest.mark.parametrize("program", ["plain_pika.py", "with_cloudevents.py"])
def test_every_listed_type_arrives_once_as_the_contracts_promise(
    program: str, operator: Operator, sources: Sources, vhost: str, name: str
) -> None:
    added = operator.bus("subscriber", "add", name, "--all", "--json").document
    everything = sorted(published())
    sources.publish(everything)
    with running(program, url_of(vhost, added), added["queue"]) as next_event, connected(vhost) as connection:
        events = [next_event() for _ in added["types"]]
        assert depth(connection, added["queue"]) == 0
    told = [event["type"].removeprefix("wardenry.") for event in events]
    assert sorted(told) == added["types"] == open_types(published())
    kept_back = {each for each in everything if each not in told}
    assert kept_back == {
        "identity.account.farewell_due.v1",
        "identity.code.requested.v1",
        "identity.contact.notice_due.v1",
        "identity.contact.vouching_word_due.v1",
        "identity.user_id.reminded.v1",
    }
    for event_type, event in zip(told, events, strict=True):
        jsonschema.validate(event["data"], schema_of(event_type))
        assert event["subject"] == "account/mary"
    assert "sealed" not in json.dumps(events)


@pytest.mark.parametrize("program", ["plain_pika.py", "with_cloudevents.py"])
def test_the_guides_programs_know_nothing_of_our_code(program: str) -> None:
    tree = ast.parse((GUIDE / program).read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {each.partition(".")[0] for each in imported} <= {"json", "os", "sys", "typing", "pika", "cloudevents"}
    assert program in (GUIDE / "README.md").read_text(encoding="utf-8")


FORBIDDEN: dict[str, Callable[[BlockingChannel, str], object]] = {
    "bind codes": lambda channel, queue: channel.queue_bind(queue, EXCHANGE.name, "identity.code.#"),
    "bind a code": lambda channel, queue: channel.queue_bind(queue, EXCHANGE.name, "identity.code.requested.v1"),
    "bind everything": lambda channel, queue: channel.queue_bind(queue, EXCHANGE.name, "#"),
    "bind what was not listed": lambda channel, queue: channel.queue_bind(queue, EXCHANGE.name, LOCKED),
    "bind a service's queue": lambda channel, _: channel.queue_bind(queue_name("audit"), EXCHANGE.name, GIVEN),
    "read a service's queue": lambda channel, _: channel.basic_get(queue_name("audit")),
    "empty a service's queue": lambda channel, _: channel.queue_purge(queue_name("audit")),
    "publish": lambda channel, _: _publish(channel, EXCHANGE.name, GIVEN),
    "publish to a queue": lambda channel, queue: _publish(channel, "", queue),
    "declare a queue": lambda channel, _: channel.queue_declare("subscriber.own"),
    "declare its queue": lambda channel, queue: channel.queue_declare(queue, durable=True),
    "delete its queue": lambda channel, queue: channel.queue_delete(queue),
}


def _publish(channel: BlockingChannel, exchange: str, key: str) -> None:
    channel.confirm_delivery()
    channel.basic_publish(exchange, key, b"{}")


def test_a_consumer_may_do_nothing_but_take_what_was_listed(
    operator: Operator, sources: Sources, vhost: str, name: str
) -> None:
    added = operator.bus("subscriber", "add", name, "--type", GIVEN, "--json").document
    sources.publish([GIVEN, LOCKED])
    answers = {}
    with connected(url_of(vhost, added)) as connection:
        for forbidden, attempt in FORBIDDEN.items():
            try:
                with other_channel(connection) as channel:
                    attempt(channel, added["queue"])
                answers[forbidden] = 0
            except ChannelClosedByBroker as error:
                answers[forbidden] = error.reply_code
        channel = connection.channel()
        channel.queue_unbind(added["queue"], EXCHANGE.name, GIVEN)
        channel.queue_bind(added["queue"], EXCHANGE.name, GIVEN)
        assert [body for _, _, body in iter(lambda: channel.basic_get(added["queue"]), (None, None, None))]
    assert answers == dict.fromkeys(FORBIDDEN, 403)


def test_one_that_does_not_read_holds_up_nobody(
    operator: Operator, sources: Sources, vhost: str, name: str, rabbitmq: Broker
) -> None:
    operator.bus("declare", "--yes", WARDENRY_BUS_SUBSCRIBER_MESSAGES="3")
    added = operator.bus("subscriber", "add", name, "--type", GIVEN, "--json").document
    for number in range(8):
        sources.publish([GIVEN], subject=f"access/{number}")
    with connected(vhost) as connection, managed(rabbitmq.management_url, vhost) as management:

        def told() -> bool:
            (lag,) = subscriber_lag(connection, management, PREFIX)
            return (lag.name, lag.limit, lag.waiting, lag.dropping) == (name, 3, 3, True)

        eventually(told)
        channel = connection.channel()
        bodies = [channel.basic_get(added["queue"], auto_ack=True)[2] or b"{}" for _ in range(3)]
    assert [json.loads(body)["subject"] for body in bodies] == ["access/5", "access/6", "access/7"]


def test_what_a_consumer_may_take_is_changed_and_ended(operator: Operator, vhost: str, name: str) -> None:
    declare(vhost, listeners())
    first = operator.bus("subscriber", "add", name, "--type", GIVEN, "--type", LOCKED, "--json").document
    second = operator.bus("subscriber", "add", name, "--type", LOCKED, "--json").document
    assert (second["types"], second["password"]) == ([LOCKED], None)
    (row,) = operator.bus("subscriber", "list", "--json").document["items"]
    assert (row["name"], row["types"], row["waiting"]) == (name, [LOCKED], 0)
    with connected(url_of(vhost, first)) as connection, pytest.raises(ChannelClosedByBroker):
        connection.channel().queue_bind(first["queue"], EXCHANGE.name, GIVEN)
    assert operator.bus("subscriber", "remove", name, "--yes").code == 0
    assert operator.bus("subscriber", "remove", name, "--yes").code == 1
    with pytest.raises(pika.exceptions.AMQPConnectionError):
        pika.BlockingConnection(pika.URLParameters(url_of(vhost, first)))


@pytest.mark.parametrize("wrong", ["identity.code.requested.v1", "identity.#", "no.such.type.v1"])
def test_what_nobody_outside_may_take_cannot_be_listed(operator: Operator, wrong: str, name: str) -> None:
    refused = operator.bus("subscriber", "add", name, "--type", wrong)
    assert refused.code == 1
    assert wrong in refused.err
    assert operator.bus("subscriber", "list", "--json").document["items"] == []
