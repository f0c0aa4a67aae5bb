"""A connection that dies without a word is not waited on for ever, at whatever moment that is (OPS-8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.bus.connecting import connect
from deploy.native.broker import Broker
from tests.faults.proxy import Proxy

pytestmark = pytest.mark.timeout(45)  # by itself the kernel gives such a connection up after a minute and more


@pytest.fixture
def proxy(rabbitmq: Broker) -> Iterator[Proxy]:
    with Proxy(rabbitmq.port) as made:
        yield made


def test_an_answer_that_never_comes_is_waited_for_in_limited_time__OPS_8(vhost: str, proxy: Proxy) -> None:
    connection = connect(proxy.through(vhost), heartbeat=4)
    channel = connection.channel()
    proxy.catch(b"asked-for", passing=True)  # the broker gets the question, its answer stays behind
    with pytest.raises(TimeoutError):
        channel.queue_declare("asked-for", durable=True)
    connection.collect(socket_timeout=0.5)
