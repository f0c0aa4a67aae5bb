"""A consumer that is new, or has lost something, gets its history again, and nobody else does (OPS-4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from chassis.bus.envelope import Envelope
from chassis.bus.operations.history import History, Outcome
from chassis.bus.operations.lag import database_lag
from chassis.db.tables import inbox, inbox_subject, outbox
from tests.contract.bus.world import BAKED, BURNT, SOON_WEARY, Milled, World

BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)
Delivered = Callable[[Sequence[Envelope]], None]


def replay(world: World, deliver: Delivered, since: datetime = BEGINNING) -> Outcome:
    outcome = Outcome()
    History(world.mill, "mill", since, world.bakery, batch=7).replay(deliver, outcome, lambda _: None)
    world.arrive()
    world.deliver()
    return outcome


def empty(world: World) -> None:
    """As after a new installation, or the loss of the database."""
    with world.bakery.begin() as connection:
        for table in (inbox, inbox_subject, BAKED):
            connection.execute(delete(table))


def milled(world: World, numbers: range, *subjects: str) -> None:
    for number in numbers:
        world.commit(*(Milled(subject, number) for subject in subjects))


def aged(world: World, up_to: int) -> datetime:
    """The events of these numbers, of every subject, were long ago; when that ended."""
    border = datetime.now(UTC) - timedelta(days=1)
    with world.mill.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.sequence <= up_to).values(at=border - timedelta(days=1)))
    return border


def test_an_emptied_consumer_is_rebuilt_in_order__OPS_4(world: World, to_bakery: Delivered) -> None:
    milled(world, range(1, 11), "sack/1", "sack/2", "sack/3")
    world.deliver()
    empty(world)
    outcome = replay(world, to_bakery)
    assert (outcome.events, outcome.short) == (30, 0)
    for subject in ("sack/1", "sack/2", "sack/3"):
        assert world.baked(subject) == list(range(1, 11))


def test_what_was_handled_is_not_handled_again__OPS_4(world: World, to_bakery: Delivered) -> None:
    milled(world, range(1, 6), "sack/1")
    world.deliver()
    for _ in range(2):
        replay(world, to_bakery)
    assert world.baked() == [1, 2, 3, 4, 5]


def test_history_is_told_from_what_is_live__OPS_4(world: World, to_bakery: Delivered) -> None:
    milled(world, range(1, 3), "sack/1")
    world.deliver()
    empty(world)
    world.oven.seen.clear()
    replay(world, to_bakery)
    milled(world, range(3, 4), "sack/1")
    world.deliver()
    assert [(each.sequence, each.replayed) for each in world.oven.seen] == [(1, True), (2, True), (3, False)]


def test_a_new_consumer_begins_where_history_begins__OPS_4(world: World, to_bakery: Delivered) -> None:
    """Its subjects would wait for ever for what it was never sent."""
    milled(world, range(1, 9), "sack/1", "sack/2")
    world.deliver()
    since = aged(world, up_to=5)
    empty(world)
    replay(world, to_bakery, since)
    assert world.baked("sack/1") == [6, 7, 8]
    milled(world, range(9, 10), "sack/1")
    world.deliver()
    assert world.baked("sack/1") == [6, 7, 8, 9]
    assert database_lag(world.bakery).missing == 0


def test_what_no_outbox_has_any_more_is_not_waited_for_by_a_new_consumer__OPS_4(
    world: World, to_bakery: Delivered
) -> None:
    milled(world, range(1, 9), "sack/1")
    world.deliver()
    with world.mill.begin() as connection:
        connection.execute(delete(outbox).where(outbox.c.sequence <= 3))
    empty(world)
    assert replay(world, to_bakery).short == 0
    assert world.baked() == [4, 5, 6, 7, 8]


def test_live_events_that_came_first_wait_for_their_history__OPS_4(world: World, to_bakery: Delivered) -> None:
    milled(world, range(1, 5), "sack/1")
    world.deliver()
    since = aged(world, up_to=2)
    empty(world)
    milled(world, range(5, 7), "sack/1")
    world.deliver()
    assert world.baked() == []
    replay(world, to_bakery, since)
    assert world.baked() == [3, 4, 5, 6]


def test_a_restored_consumer_goes_on_where_it_stands__OPS_4(world: World, to_bakery: Delivered) -> None:
    """Even where the time named is later than that: nothing in between may be left out."""
    milled(world, range(1, 4), "sack/1")
    world.deliver()
    milled(world, range(4, 11), "sack/1")
    world.deliver()
    since = aged(world, up_to=7)
    with world.bakery.begin() as connection:
        connection.execute(delete(inbox).where(inbox.c.sequence > 3))
        connection.execute(update(inbox_subject).values(done=3))
        connection.execute(delete(BAKED).where(BAKED.c.number > 3))
    outcome = replay(world, to_bakery, since)
    assert outcome.short == 0
    assert world.baked() == list(range(1, 11))


def test_what_a_begun_subject_lacks_for_good_is_told_and_not_skipped__OPS_4(world: World, to_bakery: Delivered) -> None:
    milled(world, range(1, 9), "sack/1", "sack/2")
    world.deliver()
    with world.mill.begin() as connection:
        connection.execute(delete(outbox).where(outbox.c.subject == "sack/1", outbox.c.sequence.in_((4, 5))))
    with world.bakery.begin() as connection:
        connection.execute(delete(inbox).where(inbox.c.sequence > 3))
        connection.execute(update(inbox_subject).values(done=3))
        connection.execute(delete(BAKED).where(BAKED.c.number > 3))
    outcome = replay(world, to_bakery, since=aged(world, up_to=5))
    assert (outcome.short, outcome.names) == (1, ["mill:sack/1"])
    assert world.baked("sack/1") == [1, 2, 3]
    assert world.baked("sack/2") == list(range(1, 9))


def test_a_mark_never_moves_over_what_is_parked__OPS_4(world: World, to_bakery: Delivered) -> None:
    world.worker = world.new_worker(SOON_WEARY)
    world.oven.fail = lambda event: event.data["number"] == 1
    milled(world, range(1, 5), "sack/1")
    (parked,) = world.until(world.parked)
    world.until(lambda: database_lag(world.bakery).inbox == 4)
    replay(world, to_bakery, since=aged(world, up_to=2))
    assert [each.done for each in world.parked()] == [parked.done] == [0]
    assert world.baked() == []


def test_what_is_not_sent_yet_is_left_to_the_relay__OPS_4(world: World, to_bakery: Delivered) -> None:
    """It is live, and what is sealed is still in it: as history it would lose both."""
    milled(world, range(1, 3), "sack/1")
    world.deliver()
    empty(world)
    milled(world, range(3, 5), "sack/1")
    assert replay(world, to_bakery).events == 2
    assert world.baked() == [1, 2, 3, 4]
    assert [each.replayed for each in world.oven.seen[-2:]] == [False, False]


def test_a_first_event_still_on_its_way_is_waited_for__OPS_4(world: World, to_bakery: Delivered) -> None:
    """Relays overtake each other: the second event is sent, the first is not yet."""
    milled(world, range(1, 3), "sack/1")
    first = update(outbox).where(outbox.c.sequence == 1)
    with world.mill.begin() as connection:
        connection.execute(first.values(sent=True))
    world.relay.step()
    with world.mill.begin() as connection:
        connection.execute(first.values(sent=False))
    History(world.mill, "mill", BEGINNING, world.bakery).replay(to_bakery, Outcome(), lambda _: None)
    world.deliver()
    assert world.baked() == [1, 2]


def test_broken_off_it_is_done_again__OPS_4(world: World, to_bakery: Delivered) -> None:
    milled(world, range(1, 31), "sack/1")
    world.deliver()
    empty(world)
    handed: list[Sequence[Envelope]] = []

    def broken_off(envelopes: Sequence[Envelope]) -> None:
        if len(handed) == 2:
            raise KeyboardInterrupt
        handed.append(envelopes)
        to_bakery(envelopes)

    with pytest.raises(KeyboardInterrupt):
        replay(world, broken_off)
    replay(world, to_bakery)
    assert world.baked() == list(range(1, 31))


def test_live_events_come_in_between__OPS_4(world: World, to_bakery: Delivered) -> None:
    milled(world, range(1, 21), "sack/1", "sack/2")
    world.deliver()
    empty(world)
    coming = iter(range(21, 100))

    def meanwhile(envelopes: Sequence[Envelope]) -> None:
        to_bakery(envelopes)
        number = next(coming)
        milled(world, range(number, number + 1), "sack/1", "sack/2")
        world.deliver()

    replay(world, meanwhile)
    last = next(coming) - 1
    world.until(lambda: len(world.baked("sack/1")) == last)
    for subject in ("sack/1", "sack/2"):
        assert world.baked(subject) == list(range(1, last + 1))


def test_unwanted_and_sealed_stay_out_of_it__NTF_8(world: World, to_bakery: Delivered) -> None:
    world.commit(Milled("sack/1", 1, type=BURNT), Milled("sack/1", 2, sealed="secret"))
    world.deliver()
    empty(world)
    replay(world, to_bakery)
    assert world.baked() == [2]
    with world.bakery.connect() as connection:
        kept = connection.execute(select(inbox.c.envelope).order_by(inbox.c.sequence)).scalars().all()
    assert kept[0] is None
    assert "sealed" not in kept[1]["data"]
