"""What every contender runs on: the same two servers, an empty database for each end, and processes of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from typing import Any, Protocol

import psutil
import psycopg

from deploy.native.broker import Broker
from deploy.native.databases import Databases
from deploy.native.postgresql import PostgresqlServer
from deploy.native.rabbitmq import RabbitmqServer

_SPAWN = multiprocessing.get_context("spawn")
_PATIENCE = 600.0


@dataclass(frozen=True)
class Ground:
    """Addresses for one round: `mill` is the publisher's database, `bakery` the consumer's."""

    mill: str
    bakery: str
    broker: str

    @property
    def plain_mill(self) -> str:
        """For the driver itself."""
        return self.mill.replace("+psycopg", "")

    @property
    def plain_bakery(self) -> str:
        """For the driver itself."""
        return self.bakery.replace("+psycopg", "")


class Contender(Protocol):
    """A way from a committed event to its effect."""

    name: str

    def prepare(self, ground: Ground) -> None:
        """Tables, exchange, queues."""

    def fill(self, ground: Ground, numbers: range) -> None:
        """Commit these events, as they wait before the start."""

    def processes(self, ground: Ground, count: int) -> Sequence[tuple[Callable[..., None], tuple[Any, ...]]]:
        """What is to run: each is called with its arguments, a `go` to wait for and a `stop` to end at."""

    def done(self, ground: Ground) -> int:
        """How many effects there are."""


@dataclass(frozen=True)
class Spent:
    """What processes used while something ran: seconds of the processor, and MiB at the most."""

    processor: float
    memory: float


@contextmanager
def servers() -> Iterator[Callable[[], Ground]]:
    """Both servers; call what you get for a new ground."""
    with (
        PostgresqlServer(durable=True, settings=["track_commit_timestamp=on"]) as postgresql,
        RabbitmqServer() as rabbitmq,
    ):
        yield lambda: _ground(postgresql.databases, rabbitmq.broker)


def _ground(databases: Databases, broker: Broker) -> Ground:
    return Ground(databases.create().url, databases.create().url, broker.create_virtual_host().url)


@contextmanager
def running(contender: Contender, ground: Ground, count: int = 0) -> Iterator[list[psutil.Process]]:
    """The contender's processes, at work from now to the end of the block."""
    go, stop = _SPAWN.Event(), _SPAWN.Event()
    ready = [_SPAWN.Event() for _ in contender.processes(ground, count)]
    children = [
        _SPAWN.Process(target=_child, args=(target, arguments, told, go, stop), daemon=True)
        for (target, arguments), told in zip(contender.processes(ground, count), ready, strict=True)
    ]
    for child in children:
        child.start()
    for told in ready:
        told.wait(120)
    go.set()
    try:
        yield [psutil.Process(child.pid) for child in children]
    finally:
        stop.set()
        for child in children:
            child.join(20)
            if child.is_alive():
                child.kill()


def _child(target: Callable[..., None], arguments: tuple[Any, ...], told: Event, go: Event, stop: Event) -> None:
    told.set()
    target(*arguments, go, stop)


def drain(contender: Contender, ground: Ground, count: int) -> float:
    """Events a second from the start of the contender's processes to the last effect of `count` that wait."""
    contender.prepare(ground)
    contender.fill(ground, range(count))
    with running(contender, ground, count):
        begun = time.monotonic()
        while contender.done(ground) < count:
            if time.monotonic() - begun > _PATIENCE:
                raise TimeoutError(f"{contender.name}: {contender.done(ground)} of {count} after {_PATIENCE} s")
            time.sleep(0.02)
        return count / (time.monotonic() - begun)


def effects(url: str, table: str) -> int:
    """How many effects there are, by the number of the last: asked often, and so cheap."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608
        return int(row[0]) if row else 0
