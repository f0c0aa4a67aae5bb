"""A queue with other arguments under the same name: without losing what waits in it, or what comes meanwhile.

A queue's arguments are for good, and one that is deleted misses what is published until it is there again, without
anybody being told as long as another queue takes the event. So a second queue listens beside it all the while.
"""

from __future__ import annotations

from pika.adapters.blocking_connection import BlockingConnection
from pika.exceptions import UnroutableError

from chassis.bus.broker import other_channel
from chassis.bus.lost_queue import here_key
from chassis.bus.operations.moving import move_all
from chassis.bus.operations.survey import moving_name
from chassis.bus.topology import EXCHANGE, WantedQueue, bind, create, service_of

_TRIES = 5


class StillInUseError(Exception):
    """Somebody consumes from the queue, or fills it past the exchange; the message says what to do."""


def rebuild(connection: BlockingConnection, queue: WantedQueue) -> int:
    """Make the queue anew as it is wanted; returns how many messages were moved. Nobody may consume from it.

    May be killed at any point and called again. What passes meanwhile may come twice, and inboxes drop repeats.
    """
    aside = WantedQueue(moving_name(queue.name), queue.arguments)
    keys = _keys(connection, queue)
    create(connection, aside)
    bind(connection, aside.name, keys)
    unbind(connection, queue.name, keys)
    for _ in range(_TRIES):
        move_all(connection, queue.name, aside.name)
        if _deleted(connection, queue.name):
            return finish(connection, queue)
    raise StillInUseError(f"{queue.name} is still in use: stop whoever consumes from it, and try again.")


def finish(connection: BlockingConnection, queue: WantedQueue) -> int:
    """The second half: the queue stands as wanted, and gets what was put aside."""
    aside = moving_name(queue.name)
    keys = _keys(connection, queue)
    create(connection, queue)
    bind(connection, queue.name, keys)
    unbind(connection, aside, keys)
    moved = move_all(connection, aside, queue.name)
    if not _deleted(connection, aside):
        raise StillInUseError(f"{aside} is not empty: somebody else moves it at this moment. Try again.")
    return moved


def unbind(connection: BlockingConnection, queue: str, keys: tuple[str, ...]) -> None:
    """Take the queue's bindings by these keys away; those that are not there do not matter."""
    with other_channel(connection) as channel:
        for key in keys:
            channel.queue_unbind(queue, EXCHANGE.name, key)


def _keys(connection: BlockingConnection, queue: WantedQueue) -> tuple[str, ...]:
    """With the key by which its consumer knows it, if it does: nothing is lost here, nobody need publish again."""
    if not queue.keys:
        return ()
    here = here_key(service_of(queue.name))
    with other_channel(connection) as channel:
        channel.confirm_delivery()
        try:
            channel.basic_publish(EXCHANGE.name, here, b"{}", mandatory=True)
        except UnroutableError:
            return queue.keys
    return (*queue.keys, here)


def _deleted(connection: BlockingConnection, name: str) -> bool:
    """Quorum queues know no deletion on condition, so that it is asked here; nobody publishes to it any more."""
    with other_channel(connection) as channel:
        there = channel.queue_declare(name, passive=True).method
        if there.message_count or there.consumer_count:
            return False
        channel.queue_delete(name)
    return True
