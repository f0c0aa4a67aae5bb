"""The broker's topology as code: made, compared, mended and rebuilt without losing anything (OPS-3, OPS-7)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pika
import pytest
from pika.adapters.blocking_connection import BlockingConnection

from chassis.bus.broker import connected, other_channel
from chassis.bus.operations.survey import moving_name
from chassis.bus.topology import DELIVERY_LIMIT, EXCHANGE, declare, parked_name, queue_name
from chassis.testing.waiting import eventually
from deploy.native.broker import Broker
from tests.contract.bus.commands import Operator
from wardenry.registry import listeners

AUDIT = queue_name("audit")
EARLIER = {
    "x-queue-type": "quorum",
    "x-overflow": "reject-publish",
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": parked_name("audit"),
    "x-dead-letter-strategy": "at-least-once",
}
KEYS = tuple(f"{source}.#" for source in listeners()["audit"])


@pytest.fixture
def operator(vhost: str, rabbitmq: Broker) -> Operator:
    return Operator({"WARDENRY_BROKER_URL": vhost, "WARDENRY_BROKER_MANAGEMENT_URL": rabbitmq.management_url})


def as_of_an_earlier_version(url: str, *bodies: bytes) -> None:
    """Audit's queues as they were declared without limits, with messages that wait."""
    with connected(url) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.exchange_declare(EXCHANGE.name, "topic", durable=True)
        channel.queue_declare(parked_name("audit"), durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_declare(AUDIT, durable=True, arguments=EARLIER)
        for key in KEYS:
            channel.queue_bind(AUDIT, EXCHANGE.name, key)
        for body in bodies:
            publish(connection, body)


def publish(connection: BlockingConnection, body: bytes) -> None:
    with other_channel(connection) as channel:
        channel.confirm_delivery()
        channel.basic_publish(EXCHANGE.name, "identity.session.ended.v1", body, mandatory=True)


def waiting(url: str, queue: str = AUDIT) -> list[bytes]:
    """What waits in a queue, each taken out."""
    found = []
    with connected(url) as connection:
        channel = connection.channel()
        while (got := channel.basic_get(queue, auto_ack=True))[0] is not None:
            found.append(got[2] or b"")
    return found


def depth(url: str, queue: str) -> int:
    with connected(url) as connection:
        return int(connection.channel().queue_declare(queue, passive=True).method.message_count)


def actions(document: Any) -> set[tuple[str, str]]:
    return {(step["action"], step["what"]) for step in document["plan"]}


def test_a_plan_is_shown_and_changes_nothing__OPS_7(operator: Operator, vhost: str) -> None:
    shown = operator.bus("declare", "--dry-run", "--json")
    assert shown.code == 0
    assert ("create", AUDIT) in actions(shown.document)
    assert ("set", "policy wardenry-queues") in actions(shown.document)
    assert shown.document["done"] == []
    assert operator.bus("declare", "--dry-run", "--json").document == shown.document


def test_nobody_to_ask_means_no__OPS_7(operator: Operator) -> None:
    refused = operator.bus("declare")
    assert refused.code == 1
    assert "--yes" in refused.err
    assert actions(operator.bus("declare", "--dry-run", "--json").document)


def test_declaring_again_does_nothing__OPS_7(operator: Operator, vhost: str) -> None:
    assert operator.bus("declare", "--yes").code == 0
    again = operator.bus("declare")
    assert again.code == 0
    assert "nothing to do" in again.out
    assert declare(vhost, listeners()).created == frozenset()


def test_what_a_worker_declares_is_what_the_plan_wants(operator: Operator, vhost: str) -> None:
    made = declare(vhost, listeners())
    assert made.created == {name(each) for each in listeners() for name in (queue_name, parked_name)}
    left = operator.bus("declare", "--dry-run", "--json").document
    assert {action for action, _ in actions(left)} == {"set"}


def test_without_management_the_plan_says_what_it_cannot_see(operator: Operator, vhost: str) -> None:
    del operator.environment["WARDENRY_BROKER_MANAGEMENT_URL"]
    done = operator.bus("declare", "--yes", "--json")
    assert done.code == 0
    assert "WARDENRY_BROKER_MANAGEMENT_URL" in done.document["notes"][0]
    assert operator.bus("declare", "--json").document["plan"] == []


def test_a_binding_that_is_missing_or_too_many_is_mended(operator: Operator, vhost: str) -> None:
    operator.bus("declare", "--yes")
    with connected(vhost) as connection:
        channel = connection.channel()
        channel.queue_unbind(AUDIT, EXCHANGE.name, "identity.#")
        channel.queue_bind(AUDIT, EXCHANGE.name, "portal.#")
    steps = operator.bus("declare", "--yes", "--json").document["plan"]
    assert [(step["action"], step["key"]) for step in steps] == [("bind", "identity.#"), ("unbind", "portal.#")]
    assert operator.bus("declare", "--json").document["plan"] == []


def test_a_limit_is_changed_without_a_new_queue(operator: Operator, vhost: str) -> None:
    operator.bus("declare", "--yes")
    with connected(vhost) as connection:
        publish(connection, b"kept")
    changed = operator.bus("declare", "--yes", "--json", WARDENRY_BUS_QUEUE_MESSAGES="2000").document
    assert actions(changed) == {("set", "policy wardenry-queues")}
    assert "max-length 1000000" in changed["plan"][0]["why"]
    assert "max-length 2000" in changed["plan"][0]["why"]
    eventually(lambda: waiting(vhost) == [b"kept"])


def test_a_worker_goes_on_with_an_earlier_versions_queue(vhost: str) -> None:
    as_of_an_earlier_version(vhost, b"waits")
    made = declare(vhost, listeners())
    assert set(made.differing) == {AUDIT, parked_name("audit")}
    assert "x-max-length" in made.differing[AUDIT]
    assert AUDIT not in made.created
    assert waiting(vhost) == [b"waits"]


def test_an_earlier_versions_queue_is_rebuilt_and_loses_nothing__OPS_6(operator: Operator, vhost: str) -> None:
    bodies = [b"%d" % number for number in range(20)]
    as_of_an_earlier_version(vhost, *bodies)
    planned = operator.bus("declare", "--dry-run", "--json").document
    assert {("rebuild", AUDIT), ("rebuild", parked_name("audit"))} <= actions(planned)
    (step,) = (each for each in planned["plan"] if each["what"] == AUDIT)
    assert f"x-delivery-limit is not set, must be {DELIVERY_LIMIT}" in step["why"]
    assert operator.bus("declare", "--yes").code == 0
    assert operator.bus("declare", "--json").document["plan"] == []
    with connected(vhost) as connection:
        publish(connection, b"later")
    assert waiting(vhost) == [*bodies, b"later"]


def test_what_is_published_while_a_queue_is_rebuilt_is_kept(operator: Operator, vhost: str) -> None:
    as_of_an_earlier_version(vhost, b"before")
    published, stop = [b"before"], threading.Event()

    def go_on() -> None:
        with connected(vhost) as connection:
            while not stop.is_set():
                published.append(b"%d" % len(published))
                publish(connection, published[-1])

    publisher = threading.Thread(target=go_on)
    publisher.start()
    eventually(lambda: len(published) > 10)
    assert operator.bus("declare", "--yes").code == 0
    stop.set()
    publisher.join(60)
    assert set(waiting(vhost)) == set(published)


def test_a_rebuild_that_was_killed_is_finished_by_the_next(operator: Operator, vhost: str) -> None:
    """At the worst moment: the old queue is gone, the new one not yet made."""
    declare(vhost, listeners())
    moving = moving_name(AUDIT)
    with connected(vhost) as connection:
        channel = connection.channel()
        channel.queue_declare(moving, durable=True, arguments={"x-queue-type": "quorum"})
        for key in KEYS:
            channel.queue_bind(moving, EXCHANGE.name, key)
        channel.queue_delete(AUDIT)
        publish(connection, b"meanwhile")
    declare(vhost, listeners())
    left = operator.bus("declare", "--yes", "--json").document
    assert ("finish", AUDIT) in actions(left)
    assert waiting(vhost) == [b"meanwhile"]
    assert operator.bus("declare", "--json").document["plan"] == []


def test_a_queue_in_use_is_not_rebuilt_and_nothing_is_done(operator: Operator, vhost: str) -> None:
    as_of_an_earlier_version(vhost, b"waits")
    with connected(vhost) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=1)
        channel.basic_consume(AUDIT, lambda *_: None)
        refused = operator.bus("declare", "--yes")
        assert refused.code == 1
        assert "Stop every `wardenry work audit`" in refused.err
        assert ("create", queue_name("notify")) in actions(operator.bus("declare", "--dry-run", "--json").document)


def test_an_exchange_of_another_kind_is_told_plainly(operator: Operator, vhost: str) -> None:
    with connected(vhost) as connection:
        connection.channel().exchange_declare(EXCHANGE.name, "fanout", durable=True)
    refused = operator.bus("declare", "--yes")
    assert refused.code == 2
    assert "virtual host of its own" in refused.err


def test_a_broker_that_does_not_answer_is_exit_code_2(operator: Operator) -> None:
    assert operator.bus("declare", WARDENRY_BROKER_URL="amqp://nobody:nothing@127.0.0.1:1/none").code == 2
    assert operator.bus("declare", WARDENRY_BROKER_MANAGEMENT_URL="http://127.0.0.1:1").code == 2


def test_what_brings_its_consumer_down_again_and_again_is_set_aside__OPS_3(vhost: str) -> None:
    declare(vhost, listeners())
    with connected(vhost) as connection:
        publish(connection, b"poison")
        channel = connection.channel()
        for _ in range(DELIVERY_LIMIT + 1):
            taken = eventually(lambda: channel.basic_get(AUDIT)[0])
            channel.basic_reject(taken.delivery_tag, requeue=True)
        assert channel.basic_get(AUDIT)[0] is None
    eventually(lambda: depth(vhost, parked_name("audit")) == 1)


def test_a_full_queue_refuses_and_takes_again__OPS_8(vhost: str, rabbitmq: Broker) -> None:
    declare(vhost, listeners())
    name = pika.URLParameters(vhost).virtual_host
    rabbitmq.put_policy(name, "tight", f"^{AUDIT}$", {"max-length": 2})
    with connected(vhost) as connection:
        eventually(lambda: _refused(lambda: publish(connection, b"x")))
        assert len(waiting(vhost)) >= 2
        eventually(lambda: not _refused(lambda: publish(connection, b"later")))
    assert b"later" in waiting(vhost)


def _refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except pika.exceptions.NackError:
        return True
    return False
