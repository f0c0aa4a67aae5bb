"""What the bus promises, whatever carries it: every committed fact takes effect once, in its subject's order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import delete, select, update
from structlog.testing import capture_logs

from chassis.bus.envelope import Envelope
from chassis.bus.transport import Transport
from chassis.db.engine import database_now
from chassis.db.tables import inbox, inbox_subject, outbox, outbox_sequence
from tests.contract.bus.world import BURNT, SOON_WEARY, Milled, World


class Deaf:
    def publish(self, envelopes: Sequence[Envelope]) -> set[str]:
        assert envelopes
        return set()


class Leaving:
    """Leaves one event of each subject behind."""

    def __init__(self, transport: Transport, sequence: int) -> None:
        self._transport = transport
        self._sequence = sequence

    def publish(self, envelopes: Sequence[Envelope]) -> set[str]:
        return self._transport.publish([each for each in envelopes if each.sequence != self._sequence])


class KilledOnceSent:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def publish(self, envelopes: Sequence[Envelope]) -> set[str]:
        self._transport.publish(envelopes)
        raise RuntimeError("killed between confirm and mark")


def test_a_committed_fact_takes_effect_once__OPS_3(world: World) -> None:
    world.commit(Milled("sack/1", 1))
    world.deliver()
    world.deliver()
    assert world.baked() == [1]
    assert world.unsent() == []


def test_what_was_rolled_back_never_leaves__OPS_3(world: World) -> None:
    work = world.work()
    work.writing()
    work.record(Milled("sack/1", 1))
    work.rollback()
    world.deliver()
    assert world.baked() == []
    world.commit(Milled("sack/1", 2))
    world.deliver()
    assert world.baked() == [2]


def test_sequences_are_gapless_within_a_subject(world: World) -> None:
    for number in range(3):
        world.commit(Milled("sack/1", number), Milled("sack/2", number))
    with world.mill.connect() as connection:
        rows = connection.execute(select(outbox.c.subject, outbox.c.sequence).order_by(outbox.c.position)).all()
    assert [row.sequence for row in rows if row.subject == "sack/1"] == [1, 2, 3]
    assert [row.sequence for row in rows if row.subject == "sack/2"] == [1, 2, 3]


def test_a_killed_relay_publishes_again_and_nothing_doubles__OPS_3(world: World) -> None:
    world.commit(*(Milled("sack/1", number) for number in range(5)))
    killed = world.new_relay(transport=KilledOnceSent(world.transport))
    with pytest.raises(RuntimeError, match="killed"):
        killed.step()
    world.deliver()
    assert world.baked() == [0, 1, 2, 3, 4]
    assert world.unsent() == []


def test_what_could_not_be_delivered_stays_and_comes_later(world: World) -> None:
    world.commit(Milled("sack/1", 1))
    deaf = world.new_relay(transport=Deaf())
    assert deaf.step() is False
    assert len(world.unsent()) == 1
    world.until(lambda: world.baked() == [1])


def test_events_that_overtook_each_other_take_effect_in_order__OPS_3(world: World) -> None:
    for number in (1, 2, 3):
        world.commit(Milled("sack/1", number))
    assert world.new_relay(transport=Leaving(world.transport, 1)).step() is False
    world.arrive()
    while world.worker.step():
        pass
    assert world.baked() == []
    world.deliver()
    assert world.baked() == [1, 2, 3]


def test_a_failing_event_holds_back_its_own_subject_alone(world: World) -> None:
    cold = [True]
    world.oven.fail = lambda event: cold[0] and event.subject == "sack/1" and event.data["number"] == 2
    for number in (1, 2, 3):
        world.commit(Milled("sack/1", number), Milled("sack/2", number))
    world.deliver()
    assert world.baked("sack/1") == [1]
    assert world.baked("sack/2") == [1, 2, 3]
    cold[0] = False
    world.until(lambda: world.baked("sack/1") == [1, 2, 3])


def test_what_arrived_before_a_clock_was_put_back_is_not_waited_for__OPS_8(world: World) -> None:
    world.commit(Milled("sack/1", 1))
    world.carry()
    with world.bakery.begin() as connection:
        connection.execute(update(inbox_subject).values(due_at=database_now(connection) + timedelta(hours=1)))
    world.until(lambda: world.baked() == [1])


def test_after_the_last_attempt_it_is_parked_with_reason_and_stack(world: World) -> None:
    world.worker = world.new_worker(SOON_WEARY)
    world.oven.fail = lambda event: event.data["number"] == 1
    world.commit(Milled("sack/1", 1), Milled("sack/1", 2))
    parked = world.until(world.parked)
    assert parked[0].attempts == 3
    assert parked[0].reason == "RuntimeError: the oven is cold"
    assert "in bake" in parked[0].stack
    world.commit(Milled("sack/1", 3))
    world.deliver()
    assert world.baked() == []


def test_what_fails_and_what_is_parked_is_in_the_log_with_its_correlation_id__OPS_5(world: World) -> None:
    world.worker = world.new_worker(SOON_WEARY)
    world.oven.fail = lambda _: True
    with capture_logs() as logged:
        world.commit(Milled("sack/1", 1))
        world.until(world.parked)
    told = [line for line in logged if line["event"] == "event_failed"]
    assert [(line["outcome"], line["attempts"]) for line in told] == [("retried", 1), ("retried", 2), ("parked", 3)]
    assert {(line["correlation_id"], line["subject"], line["error"]) for line in told} == {
        ("c-1", "sack/1", "RuntimeError"),
    }


def test_a_handler_logs_under_its_events_correlation_id__OPS_5(world: World) -> None:
    world.oven.fail = lambda _: bool(structlog.get_logger().info("looked_into_the_oven"))
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        world.commit(Milled("sack/1", 1))
        world.until(lambda: world.baked() == [1])
    assert {line["correlation_id"] for line in logged if line["event"] == "looked_into_the_oven"} == {"c-1"}


def test_a_failed_effect_leaves_nothing_behind(world: World) -> None:
    failures = iter([True, True, False])
    world.oven.fail = lambda _: next(failures)
    world.commit(Milled("sack/1", 1))
    world.until(lambda: world.baked() == [1])
    assert len(world.oven.seen) == 3


def test_a_reference_not_yet_known_waits_without_counting_as_failure(world: World) -> None:
    times = iter(range(100))
    world.oven.unknown = lambda _: next(times) < 8
    world.commit(Milled("sack/1", 1))
    world.until(lambda: world.baked() == [1])
    assert world.parked() == []


def test_an_unknown_type_is_passed_over(world: World) -> None:
    world.commit(Milled("sack/1", 1, type=BURNT), Milled("sack/1", 2))
    world.deliver()
    assert world.baked() == [2]
    with world.bakery.connect() as connection:
        passed = connection.execute(select(inbox).where(inbox.c.type == BURNT)).one()
    assert passed.envelope is None


def test_what_is_sealed_stays_with_no_one_it_is_not_for__NTF_8(world: World) -> None:
    world.commit(Milled("sack/1", 1, sealed="secret"))
    world.deliver()
    assert "sealed" not in world.oven.seen[0].data
    with world.mill.connect() as connection:
        assert "sealed" not in connection.execute(select(outbox.c.data)).scalar_one()
    with world.bakery.connect() as connection:
        assert "sealed" not in connection.execute(select(inbox.c.envelope)).scalar_one()["data"]


def test_the_cause_travels_with_the_event(world: World) -> None:
    world.commit(Milled("sack/1", 1))
    world.deliver()
    cause = world.oven.seen[0].cause
    assert (cause.actor, cause.site, cause.address, cause.correlation_id) == (
        "user:miller",
        "medical",
        "192.0.2.7",
        "c-1",
    )


def test_many_workers_and_relays_keep_each_subjects_order__OPS_3(world: World) -> None:
    for number in range(30):
        world.commit(*(Milled(f"sack/{subject}", number) for subject in range(6)))
    world.carry()
    _run_all([world.new_worker().step for _ in range(4)])
    world.until(lambda: len(world.baked()) == 180)
    for subject in range(6):
        assert world.baked(f"sack/{subject}") == list(range(30))
    with world.bakery.connect() as connection:
        assert set(connection.execute(select(inbox_subject.c.done)).scalars()) == {30}


def test_a_publisher_restored_from_a_backup_is_shown__OPS_8(world: World) -> None:
    world.commit(Milled("sack/1", 1), Milled("sack/2", 1))
    world.deliver()
    with world.mill.begin() as connection:
        connection.execute(delete(outbox).where(outbox.c.subject == "sack/1"))
        connection.execute(delete(outbox_sequence).where(outbox_sequence.c.subject == "sack/1"))
    world.commit(Milled("sack/1", 7), Milled("sack/2", 2))
    world.until(lambda: world.baked("sack/2") == [1, 2])
    (parked,) = world.until(world.parked)
    assert parked.subject == "sack/1"
    assert parked.reason.startswith("ForkedSequenceError: 1 is ")
    assert world.baked("sack/1") == [1]


def _run_all(steps: list[Callable[[], bool]]) -> None:
    def run(step: Callable[[], bool]) -> None:
        while step():
            pass

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
