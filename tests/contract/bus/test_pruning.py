"""What is long done is forgotten, and nothing else is (OPS-4, OPS-8)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from chassis.bus.inbox import Appetite, receive
from chassis.bus.pruning import prune
from chassis.bus.relay import envelope_of
from chassis.db.tables import inbox, outbox
from tests.contract.bus.world import BAKERY_WANTS, SOON_WEARY, Milled, World

IN_TWO_DAYS = -timedelta(days=2)
"""As a time to keep: everything there is counts as two days older than that."""


def test_what_is_done_is_forgotten_and_has_no_effect_when_it_comes_again__OPS_3(world: World) -> None:
    world.commit(*(Milled("sack/1", number) for number in range(3)))
    with world.mill.connect() as connection:
        envelopes = [envelope_of(row, "mill") for row in connection.execute(select(outbox))]
    world.deliver()
    assert prune(world.mill, IN_TWO_DAYS) == 3
    assert prune(world.bakery, IN_TWO_DAYS) == 3
    assert (world.count_of(world.mill, outbox), world.count_of(world.bakery, inbox)) == (0, 0)
    with world.bakery.begin() as connection:
        receive(connection, envelopes, Appetite(BAKERY_WANTS))
    world.commit(Milled("sack/1", 3))
    world.until(lambda: world.baked() == [0, 1, 2, 3])


def test_what_is_younger_stays(world: World) -> None:
    world.commit(Milled("sack/1", 1))
    world.deliver()
    assert prune(world.mill, timedelta(days=30)) == 0
    assert prune(world.bakery, timedelta(days=30)) == 0


def test_what_was_not_sent_stays_however_old(world: World) -> None:
    world.commit(Milled("sack/1", 1))
    assert prune(world.mill, IN_TWO_DAYS) == 0
    world.until(lambda: world.baked() == [1])


def test_what_is_parked_stays_with_all_behind_it(world: World) -> None:
    world.worker = world.new_worker(SOON_WEARY)
    world.oven.fail = lambda event: event.data["number"] == 2
    world.commit(*(Milled("sack/1", number) for number in (1, 2, 3)))
    world.until(world.parked)
    assert prune(world.bakery, IN_TWO_DAYS) == 1
    with world.bakery.connect() as connection:
        assert connection.execute(select(func.min(inbox.c.sequence))).scalar_one() == 2
    assert world.count_of(world.bakery, inbox) == 2
