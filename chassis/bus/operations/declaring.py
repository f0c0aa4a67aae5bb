"""Carries a plan out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pika.adapters.blocking_connection import BlockingConnection

from chassis.bus.operations.limits import Limits, policies
from chassis.bus.operations.management import Management
from chassis.bus.operations.rebuilding import finish, rebuild, unbind
from chassis.bus.operations.survey import Action, Plan, Step
from chassis.bus.topology import bind, create, declare_exchange, wanted_queues


def carry_out(
    plan: Plan,
    connection: BlockingConnection,
    listeners: Mapping[str, Sequence[str]],
    limits: Limits,
    management: Management | None,
    *,
    told: Callable[[Step, str], None],
) -> None:
    """Take every step of a plan that nothing hinders; `told` hears of each with what came of it.

    May be interrupted, and carried out again with a new plan. Bindings are made sure of in any case.
    """
    queues = {queue.name: queue for queue in wanted_queues(listeners)}
    declare_exchange(connection)
    for step in plan.steps:
        outcome = "done"
        queue = queues.get(step.what)
        if step.action is Action.SET and management:
            name = step.what.removeprefix("policy ")
            management.put_policy(name, policies(limits)[name])
        elif queue and step.action is Action.CREATE:
            create(connection, queue)
        elif queue and step.action is Action.UNBIND:
            unbind(connection, queue.name, (step.key,))
        elif queue and step.action is Action.REBUILD:
            outcome = f"{rebuild(connection, queue)} messages moved over"
        elif queue and step.action is Action.FINISH:
            outcome = f"{finish(connection, queue)} messages moved over"
        told(step, outcome)
    for queue in queues.values():
        bind(connection, queue.name, queue.keys)
