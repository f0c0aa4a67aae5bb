from collections.abc import Callable

import amqp
import httpx
import kombu
import pytest

from chassis.testing.waiting import eventually
from deploy.native.broker import Broker
from deploy.native.rabbitmq import RabbitmqServer

OwnRabbitmq = Callable[[], RabbitmqServer]
QUORUM = {"x-queue-type": "quorum"}


def put(url: str, body: str) -> None:
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        queue = kombu.Queue("kept", durable=True, queue_arguments=QUORUM)(connection.default_channel)
        queue.declare()
        kombu.Producer(connection.default_channel).publish(body, routing_key="kept", delivery_mode=2)


def fill(url: str) -> None:
    for _ in range(5):  # a quorum queue may take a few more than its length
        put(url, "one too many")


def take(url: str) -> str | None:
    with kombu.Connection(url) as connection:
        message = kombu.Queue("kept")(connection.default_channel).get(no_ack=True)
        return message.payload if message else None


def test_virtual_host_carries_messages(vhost: str) -> None:
    put(vhost, "a word")

    assert take(vhost) == "a word"
    assert take(vhost) is None


def test_virtual_hosts_are_isolated(rabbitmq: Broker) -> None:
    first, second = rabbitmq.create_virtual_host(), rabbitmq.create_virtual_host()
    put(first.url, "for the first")

    with pytest.raises(amqp.NotFound):
        take(second.url)
    rabbitmq.delete_virtual_host(first.name)
    rabbitmq.delete_virtual_host(second.name)


def test_user_may_do_only_what_was_permitted(rabbitmq: Broker) -> None:
    host = rabbitmq.create_virtual_host()
    put(host.url, "a word")
    rabbitmq.put_user("reader", "secret")
    rabbitmq.permit("reader", host.name, configure="", write="", read="kept")
    reader = rabbitmq.url(host.name, "reader", "secret")

    assert take(reader) == "a word"
    with pytest.raises(amqp.AccessRefused):
        put(reader, "another")
    rabbitmq.delete_user("reader")


def test_policy_holds_for_the_queues_it_names(rabbitmq: Broker) -> None:
    host = rabbitmq.create_virtual_host()
    rabbitmq.put_policy(host.name, "short", "^kept$", {"max-length": 1, "overflow": "reject-publish"})

    with pytest.raises(amqp.exceptions.MessageNacked):
        fill(host.url)


def test_refusal_of_the_management_api_is_raised(rabbitmq: Broker) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        rabbitmq.delete_virtual_host("never-made")


@pytest.mark.faults
def test_killed_and_stopped_server_keeps_confirmed_messages(own_rabbitmq: OwnRabbitmq) -> None:
    server = own_rabbitmq()
    host = server.broker.create_virtual_host()
    put(host.url, "before the kill")
    eventually(lambda: server.has_on_disk(host.name, "kept"), within=30)

    server.kill()
    server.start()
    put(host.url, "before the stop")
    server.stop()
    server.start()

    assert [take(host.url), take(host.url)] == ["before the kill", "before the stop"]


@pytest.mark.faults
def test_control_reaches_the_private_node_alone(own_rabbitmq: OwnRabbitmq) -> None:
    server = own_rabbitmq()
    host = server.broker.create_virtual_host("one-of-a-kind")

    assert host.name in server.control("list_vhosts").splitlines()
