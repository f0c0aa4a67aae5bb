"""A connection to the broker for a command: short-lived, with limits, and errors in plain words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import AMQPConnectionError, AMQPError

_SECONDS = 10.0


class BrokerUnavailableError(Exception):
    """The broker does not answer, or does not let this user in; the message says which."""


@contextmanager
def connected(url: str, *, heartbeat: int = 60) -> Iterator[BlockingConnection]:
    """A connection that is closed at the end; raises `BrokerUnavailableError` where there is none to be had.

    While the broker has an alarm on, nothing waits for longer than ten seconds. A broker that has gone without a word
    is missed within the `heartbeat` and five seconds; whoever uses the connection must not rest for longer than that.
    """
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # what the broker refuses is told by whoever asked for it
    parameters = pika.URLParameters(url)
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = _SECONDS
    parameters.heartbeat = heartbeat
    where = f"{parameters.host}:{parameters.port}, virtual host {parameters.virtual_host!r}"
    try:
        connection = BlockingConnection(parameters)
    except (AMQPConnectionError, OSError) as error:
        told = str(error) or type(error).__name__
        raise BrokerUnavailableError(f"The broker at {where} cannot be used: {told}.") from error
    try:
        yield connection
    finally:
        if connection.is_open:
            with suppress(AMQPError):
                connection.close()


@contextmanager
def other_channel(connection: BlockingConnection) -> Iterator[BlockingChannel]:
    """A channel of its own: what the broker refuses closes the channel, and it alone."""
    channel = connection.channel()
    try:
        yield channel
    finally:
        if channel.is_open:
            channel.close()
