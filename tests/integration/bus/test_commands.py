"""`wardenry bus` over RabbitMQ and PostgreSQL: what only a broker can set aside, and events as they pass (OPS-7)."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from chassis.bus.broker import connected, other_channel
from chassis.bus.envelope import Envelope, from_json
from chassis.bus.operations import unreadable
from chassis.bus.operations.lag import depth
from chassis.bus.topology import EXCHANGE, declare, parked_name, queue_name
from chassis.db.engine import make_engine
from chassis.db.outbox import Outgoing, append
from chassis.db.tables import metadata, outbox
from chassis.kernel.clock import SystemClock
from chassis.kernel.messages import Message
from chassis.testing.waiting import eventually
from deploy.native.broker import Broker
from tests.contract.bus.commands import Operator
from tests.contract.bus.folders import CAUSE, PERSONAL
from tests.e2e.deployments import WARDENRY, environment
from tests.e2e.distributed import Distributed
from wardenry.registry import SERVICES, listeners

NOTIFY, PARKED = queue_name("notify"), parked_name("notify")
BODIES = (b"no JSON, of Mary", b'{"specversion": "1.0"}', b"neither")
LOCKED = "identity.account.locked.v1"


@pytest.fixture
def operator(vhost: str, rabbitmq: Broker, database: str, tmp_path: Path) -> Iterator[Operator]:
    declare(vhost, listeners())
    engine = make_engine(database)
    metadata().create_all(engine)
    distributed = Distributed(tmp_path, dict.fromkeys(SERVICES, database), vhost)
    distributed.post_office.start()
    yield Operator({**distributed.variables, "WARDENRY_BROKER_MANAGEMENT_URL": rabbitmq.management_url})
    distributed.post_office.stop()
    engine.dispose()


@pytest.fixture
def keys(operator: Operator, vhost: str) -> list[str]:
    """What notify's consumer rejected, by the keys under which it is parked."""
    with connected(vhost) as connection, other_channel(connection) as channel:
        for body in BODIES:
            channel.basic_publish(EXCHANGE.name, LOCKED, body)
        for _ in BODIES:
            method = eventually(lambda: channel.basic_get(NOTIFY)[0])
            channel.basic_reject(method.delivery_tag, requeue=False)
        eventually(lambda: depth(connection, PARKED) == len(BODIES))
        return [f"unreadable:{each.key}" for each in unreadable.unreadable(connection, "notify", most=10)]


def depths(vhost: str) -> tuple[int | None, int | None]:
    """Of notify's queue and parked queue."""
    with connected(vhost) as connection:
        return depth(connection, NOTIFY), depth(connection, PARKED)


def test_what_nobody_can_read_is_listed_with_what_is_wrong__OPS_3(operator: Operator, keys: list[str]) -> None:
    for _ in range(3):
        assert [row["key"] for row in operator.bus("parked", "list", "--json").document["items"]] == keys
    rows = operator.bus("parked", "list", "notify", "--json").document["items"]
    assert "not JSON" in rows[0]["reason"]
    assert rows[0]["reason"].startswith("rejected")
    assert rows[0]["type"] == LOCKED
    assert operator.bus("lag", "notify", "--json").document["services"]["notify"]["unreadable"] == 3


def test_its_content_is_shown_when_asked_for__IDN_16(operator: Operator, keys: list[str]) -> None:
    assert "Mary" not in operator.bus("parked", "show", "notify", keys[0]).out
    assert "Mary" in operator.bus("parked", "show", "notify", keys[0], "--personal").out


def test_it_is_given_back_or_dropped__OPS_3(operator: Operator, keys: list[str], vhost: str) -> None:
    assert operator.bus("parked", "replay", "notify", keys[1], "--json").document["replayed"] == 1
    assert depths(vhost) == (1, 2)
    dropped = operator.bus("parked", "drop", "notify", keys[0], "--reason", "a probe", "--yes")
    assert dropped.code == 0
    assert "a probe" in dropped.err
    assert operator.bus("parked", "drop", "notify", keys[0], "--reason", "again", "--yes").code == 1
    assert operator.bus("parked", "replay", "notify", "--all", "--json").document["replayed"] == 1
    assert depths(vhost) == (2, 0)
    with connected(vhost) as connection:
        _, properties, body = connection.channel().basic_get(NOTIFY)
    assert body == BODIES[1]
    assert not [name for name in (properties and properties.headers) or () if "death" in name]


def test_given_back_by_two_at_once_it_comes_once__OPS_3(keys: list[str], vhost: str) -> None:
    def give_back() -> None:
        with connected(vhost) as connection:
            unreadable.replay(connection, "notify", None)

    operators = [threading.Thread(target=give_back) for _ in range(4)]
    for each in operators:
        each.start()
    for each in operators:
        each.join(60)
    assert depths(vhost) == (len(keys), 0)


def test_history_goes_through_the_queue_of_the_consumer_named__OPS_4(
    operator: Operator, vhost: str, database: str
) -> None:
    engine = make_engine(database)
    with engine.begin() as connection:
        message = Message(LOCKED, "account/mary", PERSONAL)
        append(connection, [Outgoing(message, CAUSE)] * 3, SystemClock().now())
        connection.execute(update(outbox).values(sent=True))
    engine.dispose()
    words = ("replay", "--from", "beginning", "--to", "portal", "--json")
    assert operator.bus(*words).document["events"] == 3
    with connected(vhost) as broker:
        assert [depth(broker, queue_name(each)) for each in ("portal", "notify", "audit")] == [3, 0, 0]
        _, _, body = broker.channel().basic_get(queue_name("portal"))
        assert from_json(body or b"").replayed_from == 1
        broker.channel().queue_delete(queue_name("portal"))
    missing = operator.bus(*words)
    assert missing.code == 1
    assert "wardenry bus declare" in missing.err


def test_events_are_watched_until_told_to_stop__OPS_7(operator: Operator, vhost: str) -> None:
    event = Envelope("e-1", "identity", LOCKED, "account/mary", 1, SystemClock().now(), PERSONAL, CAUSE)
    watching = subprocess.Popen(
        [WARDENRY, "bus", "tail", "identity.account.#", "--json"],
        env=environment(**{name: value for name, value in operator.environment.items() if name.startswith("WARD")}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    lines: list[str] = []
    printed = watching.stdout
    assert printed is not None
    reader = threading.Thread(target=lambda: lines.append(printed.readline()))
    reader.start()
    with connected(vhost) as connection, other_channel(connection) as channel:

        def seen() -> bool:
            channel.basic_publish(EXCHANGE.name, "identity.session.ended.v1", event.to_json())
            channel.basic_publish(EXCHANGE.name, LOCKED, event.to_json())
            return bool(lines)

        eventually(seen, within=90, every=0.2)
    watching.send_signal(signal.SIGINT)
    _, told = watching.communicate(timeout=60)
    assert watching.returncode == 0
    assert "Traceback" not in told
    document = json.loads(lines[0])
    assert (document["type"], document["subject"]) == (f"wardenry.{LOCKED}", "account/mary")
    assert "Mary" not in lines[0]
    assert "a secret" not in lines[0]
