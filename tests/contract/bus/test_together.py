"""Events that a subscription takes together have the effects that they have one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert

from chassis.bus.subscriptions import EVERY_TYPE, Received, Subscription
from chassis.kernel.work import UnitOfWork
from tests.contract.bus.world import BAKED, MILLED, SIFTED, Milled, MilledSchema, Oven, World, bake


@dataclass
class Batches:
    """Bakes together, and remembers how many at once."""

    sizes: list[int] = field(default_factory=list)

    def bake(self, events: Sequence[Received], work: UnitOfWork[Connection], oven: Oven) -> None:
        self.sizes.append(len(events))
        rows = [{"subject": event.subject, "number": event.data["number"]} for event in events]
        work.writing().execute(insert(BAKED), rows)
        if any(oven.fail(event) for event in events):
            raise RuntimeError("the oven is cold")


def test_all_that_waits_is_taken_at_once_in_order__OPS_3(world: World) -> None:
    batches = Batches()
    world.worker = world.new_worker(subscriptions=[Subscription(MILLED, MilledSchema, bake, together=batches.bake)])
    for number in range(3):
        world.commit(Milled("sack/1", number), Milled("sack/2", number))
    world.deliver()
    assert batches.sizes == [6]
    assert world.baked("sack/1") == world.baked("sack/2") == [0, 1, 2]


def test_one_that_fails_is_counted_alone(world: World) -> None:
    batches = Batches()
    world.worker = world.new_worker(subscriptions=[Subscription(MILLED, MilledSchema, bake, together=batches.bake)])
    cold = [True]
    world.oven.fail = lambda event: cold[0] and event.subject == "sack/1" and event.data["number"] == 1
    for number in range(3):
        world.commit(Milled("sack/1", number), Milled("sack/2", number))
    world.deliver()
    assert world.baked("sack/1") == [0]
    assert world.baked("sack/2") == [0, 1, 2]
    cold[0] = False
    world.until(lambda: world.baked("sack/1") == [0, 1, 2])


def test_others_in_between_keep_their_place(world: World) -> None:
    batches = Batches()
    every = Subscription(EVERY_TYPE, None, bake, together=batches.bake)
    world.worker = world.new_worker(subscriptions=[every, Subscription(SIFTED, MilledSchema, bake)])
    world.commit(Milled("sack/1", 1), Milled("sack/1", 2), Milled("sack/1", 3, type=SIFTED), Milled("sack/1", 4))
    world.deliver()
    assert batches.sizes == [2, 1]
    assert world.baked() == [1, 2, 3, 4]
