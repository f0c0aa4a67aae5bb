"""What would have to change in the broker for it to be as `chassis.bus.topology` wants it: the plan, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pika.adapters.blocking_connection import BlockingConnection

from chassis.bus.broker import other_channel
from chassis.bus.lost_queue import MACHINERY
from chassis.bus.operations.limits import Limits, policies
from chassis.bus.operations.management import Management
from chassis.bus.topology import (
    EXCHANGE,
    PARKED_SUFFIX,
    Standing,
    WantedQueue,
    exchange_is_there,
    look_at,
    queue_is_there,
    service_of,
    wanted_queues,
)


class Action(StrEnum):
    """What a step does."""

    CREATE = "create"
    BIND = "bind"
    UNBIND = "unbind"
    SET = "set"
    REBUILD = "rebuild"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Step:
    """One change: to what, and why. `hindrance` says what must be done first, where it cannot be done as it is."""

    action: Action
    what: str
    why: str
    key: str = ""
    hindrance: str = ""

    def document(self) -> dict[str, str]:
        """For `--json`."""
        return {name: str(value) for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in their order, and what could not be looked at."""

    steps: tuple[Step, ...]
    notes: tuple[str, ...]

    @property
    def hindered(self) -> tuple[Step, ...]:
        """What stands in the way of the whole plan."""
        return tuple(step for step in self.steps if step.hindrance)


def moving_name(queue: str) -> str:
    """The queue that holds what a queue held while it is rebuilt."""
    return f"{queue}.moving"


def survey(
    connection: BlockingConnection,
    listeners: Mapping[str, Sequence[str]],
    limits: Limits,
    management: Management | None,
) -> Plan:
    """Compare; changes nothing. Without `management` bindings and limits cannot be looked at, and the notes say so."""
    queues = wanted_queues(listeners)
    steps = [*_exchange_step(connection)]
    for queue in queues:
        steps += _queue_steps(connection, queue, management)
    if management is None:
        note = (
            "Bindings are made sure of, and limits stay as they are: neither can be read without"
            " WARDENRY_BROKER_MANAGEMENT_URL."
        )
        return Plan(tuple(steps), (note,))
    steps += _policy_steps(management, limits)
    return Plan(tuple(steps), tuple(_foreign_policies(management, queues, limits)))


def _exchange_step(connection: BlockingConnection) -> Iterator[Step]:
    if not exchange_is_there(connection):
        yield Step(Action.CREATE, EXCHANGE.name, "the exchange that every event passes is not there")


def _queue_steps(connection: BlockingConnection, queue: WantedQueue, management: Management | None) -> Iterator[Step]:
    standing, told = look_at(connection, queue)
    if standing is Standing.ABSENT:
        keys = f", bound to {', '.join(queue.keys)}" if queue.keys else ""
        yield Step(Action.CREATE, queue.name, f"it is not there; a quorum queue{keys}")
    elif standing is Standing.OTHER_ARGUMENTS:
        why = _difference(queue, management) or told
        yield Step(Action.REBUILD, queue.name, why, hindrance=_in_use(connection, queue))
    elif queue_is_there(connection, moving_name(queue.name)):
        why = f"a rebuild was interrupted: {moving_name(queue.name)} still holds messages of it"
        yield Step(Action.FINISH, queue.name, why)
    if management is not None and standing is Standing.AS_WANTED:
        bound = management.keys(queue.name, EXCHANGE.name)
        for key in sorted(set(queue.keys) - bound):
            why = "it gets none of these; what was published so far it never gets (see `wardenry bus replay`)"
            yield Step(Action.BIND, queue.name, why, key)
        for key in sorted(key for key in bound - set(queue.keys) if not key.startswith(MACHINERY)):
            yield Step(Action.UNBIND, queue.name, "nobody there listens to these", key)


def _difference(queue: WantedQueue, management: Management | None) -> str:
    there = management.queue(queue.name) if management else None
    if there is None:
        return ""
    names = sorted(set(queue.arguments) | set(there["arguments"]))
    pairs = [(name, there["arguments"].get(name), queue.arguments.get(name)) for name in names]
    return "; ".join(f"{name} is {_shown(old)}, must be {_shown(new)}" for name, old, new in pairs if old != new)


def _shown(value: Any) -> str:
    return "not set" if value is None else repr(value)


def _in_use(connection: BlockingConnection, queue: WantedQueue) -> str:
    """While a service reads, what it rejects may come to its parked queue at any time."""
    readers = (queue.name, queue.name.removesuffix(PARKED_SUFFIX))
    consumers = sum(_consumers(connection, name) for name in set(readers) if queue_is_there(connection, name))
    if not consumers:
        return ""
    return (
        f"{consumers} still consume. Stop every `wardenry work {service_of(queue.name)}` for as long as this takes:"
        " whoever publishes goes on, and what waits is moved over"
    )


def _consumers(connection: BlockingConnection, name: str) -> int:
    with other_channel(connection) as channel:
        return int(channel.queue_declare(name, passive=True).method.consumer_count)


def _policy_steps(management: Management, limits: Limits) -> Iterator[Step]:
    for name, wanted in policies(limits).items():
        there = management.policy(name)
        if there is None:
            yield Step(Action.SET, f"policy {name}", f"it is not there; {_limits_of(wanted)}")
        elif any(there.get(key) != value for key, value in wanted.items()):
            yield Step(Action.SET, f"policy {name}", f"{_limits_of(there)} now; {_limits_of(wanted)} wanted")


def _limits_of(policy: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(policy["definition"].items()))


def _foreign_policies(management: Management, queues: Sequence[WantedQueue], limits: Limits) -> Iterator[str]:
    own = policies(limits)
    for queue in queues:
        there = management.queue(queue.name) or {}
        policy = there.get("policy")
        if policy and policy not in own:
            yield f"The policy {policy!r} applies to {queue.name}, and Wardenry's limits therefore do not."
