"""What is parked is listed, tried again in order, or skipped; each once, whoever asks how often (OPS-3)."""

from __future__ import annotations

import threading
from dataclasses import replace as changed
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.bus.inbox import Appetite, receive
from chassis.bus.operations.lag import database_lag
from chassis.bus.operations.parked import NothingToSkipError, ParkedEvent, drop, parked_event, parked_events, replay
from chassis.testing.waiting import eventually
from tests.contract.bus.world import BAKERY_WANTS, SOON_WEARY, Milled, World


def parked_one(world: World, *, behind: int = 2) -> ParkedEvent:
    """The second of a subject's events fails; what comes after waits."""
    world.worker = world.new_worker(SOON_WEARY)
    world.oven.fail = lambda event: event.data["number"] == 2
    world.commit(*(Milled("sack/1", number) for number in range(1, 3 + behind)))
    world.until(world.parked)
    world.until(lambda: database_lag(world.bakery).inbox == 1 + behind)
    event = parked_event(world.bakery, "mill", "sack/1")
    assert event is not None
    return event


def test_it_is_listed_with_its_reason_and_what_waits_behind__OPS_3(world: World) -> None:
    event = parked_one(world)
    assert parked_events(world.bakery) == [event]
    assert (event.source, event.subject, event.sequence, event.behind) == ("mill", "sack/1", 2, 2)
    assert event.type == "mill.sack.milled.v1"
    assert event.reason == "RuntimeError: the oven is cold"
    assert "in bake" in event.stack
    assert event.document["data"]["number"] == 2


def test_replay_tries_it_again_and_what_waits_behind_in_order__OPS_3(world: World) -> None:
    event = parked_one(world)
    world.oven.fail = lambda _: False
    assert replay(world.bakery, event)
    world.deliver()
    assert world.baked() == [1, 2, 3, 4]
    assert parked_events(world.bakery) == []


def test_what_still_fails_is_parked_again_with_all_its_attempts(world: World) -> None:
    event = parked_one(world)
    assert replay(world.bakery, event)
    (again,) = world.until(lambda: parked_events(world.bakery))
    assert (again.sequence, again.attempts, again.behind) == (2, 3, 2)
    assert world.baked() == [1]


def test_replayed_by_many_at_once_it_takes_effect_once__OPS_3(world: World) -> None:
    event = parked_one(world)
    world.oven.fail = lambda _: False
    answers: list[bool] = []
    _at_once(8, lambda: answers.append(replay(world.bakery, event)))
    assert answers.count(True) == 1
    world.deliver()
    assert world.baked() == [1, 2, 3, 4]


def test_drop_skips_that_one_and_lets_the_rest_go_on__OPS_3(world: World) -> None:
    event = parked_one(world)
    with capture_logs() as logs:
        assert drop(world.bakery, event, service="bakery", by="olga", why="baked by hand")
    world.deliver()
    assert world.baked() == [1, 3, 4]
    (told,) = (entry for entry in logs if entry["event"] == "event_dropped")
    assert (told["by"], told["why"], told["subject"], told["sequence"]) == ("olga", "baked by hand", "sack/1", 2)


def test_two_who_drop_at_once_skip_one__OPS_3(world: World) -> None:
    event = parked_one(world)
    answers: list[bool] = []
    _at_once(8, lambda: answers.append(drop(world.bakery, event, service="bakery", by="x", why="y")))
    assert answers.count(True) == 1
    world.deliver()
    assert world.baked() == [1, 3, 4]


def test_where_no_event_failed_there_is_none_to_skip__OPS_3(world: World) -> None:
    """The publisher was restored, and counted anew: the next event, yet to come, is not to be lost for that."""
    world.commit(Milled("sack/1", 1), Milled("sack/1", 2))
    world.deliver()
    with world.bakery.begin() as connection:
        receive(connection, [changed(world.oven.seen[1].envelope, id="another")], Appetite(BAKERY_WANTS))
    (forked,) = parked_events(world.bakery)
    assert forked.reason.startswith("ForkedSequenceError")
    with pytest.raises(NothingToSkipError):
        drop(world.bakery, forked, service="bakery", by="x", why="y")
    assert replay(world.bakery, forked)
    world.commit(Milled("sack/1", 3))
    world.deliver()
    assert world.baked() == [1, 2, 3]


def test_who_saw_another_event_parked_skips_nothing(world: World) -> None:
    """Somebody was faster, and by now the next one is parked."""
    event = parked_one(world)
    seen_before = changed(event, sequence=event.sequence - 1)
    assert drop(world.bakery, seen_before, service="bakery", by="x", why="y") is False
    assert replay(world.bakery, seen_before) is False
    assert parked_event(world.bakery, "mill", "sack/1") == event


def test_a_worker_at_the_same_time_changes_nothing__OPS_3(world: World) -> None:
    event = parked_one(world, behind=20)
    world.oven.fail = lambda _: False
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            world.new_worker().step()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    assert replay(world.bakery, event)
    world.until(lambda: len(world.baked()) == 22)
    stop.set()
    for worker in workers:
        worker.join(60)
    assert world.baked() == list(range(1, 23))


def test_lag_tells_what_waits_where(world: World) -> None:
    world.commit(Milled("sack/7", 1), Milled("sack/8", 1))
    before = database_lag(world.mill)
    assert (before.outbox, before.inbox) == (2, 0)
    assert before.outbox_age is not None
    world.deliver()
    after = database_lag(world.mill)
    assert (after.outbox, after.outbox_age) == (0, None)


def test_lag_tells_what_is_held_up_and_why(world: World) -> None:
    parked_one(world)
    world.oven.unknown = lambda event: event.subject == "sack/2"
    world.commit(Milled("sack/2", 1))
    world.carry()
    eventually(lambda: world.worker.step() and database_lag(world.bakery).unknown == 1)
    told = database_lag(world.bakery)
    assert (told.parked, told.unknown, told.missing, told.inbox) == (1, 1, 0, 4)
    assert told.inbox_age is not None


def _at_once(count: int, act: Any) -> None:
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
