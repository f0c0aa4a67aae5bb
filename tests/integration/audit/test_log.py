"""The log over real databases: each event once, indexes without a gap whatever happens, and erasure beside it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection

from chassis.bus.worker import InboxWorker
from chassis.db.migrations import runner, standing
from chassis.db.outbox import Outlet
from chassis.db.work import JoinedUnitOfWork
from chassis.kernel.cause import Cause
from chassis.wiring import migrations_of
from services.audit.adapters.store import SqlStore
from services.audit.adapters.tables import delegation_history, entry_personal, log_head
from services.audit.application.append_entries import AppendEntries, append_entries
from services.audit.application.erase_person import ErasePerson, erase_person
from services.audit.application.errors import ForkedSequenceError
from services.audit.application.ports import Ports, Store
from services.audit.bootstrap import make_ports
from services.audit.domain.entry import Arrival
from services.audit.domain.merkle import leaf_hash
from services.audit.domain.personal import Disclosed, opens
from services.audit.events.published import publish
from services.audit.events.subscribed import SUBSCRIPTIONS
from tests.integration.audit.world import World, grant


class UndoneError(Exception):
    """Something else in the transaction went wrong."""


def work_on(connection: Connection) -> JoinedUnitOfWork[Store]:
    cause = Cause(actor="system:test", correlation_id="c-1")
    return JoinedUnitOfWork(SqlStore(connection), Outlet("audit", publish), cause)


def arrival(world: World, number: int, event_id: str | None = None, **data: Any) -> Arrival:
    return Arrival(
        event_id=event_id or f"e-{number}",
        source="identity",
        type="identity.device.seen.v1",
        subject=f"account/user{number % 3}",
        sequence=number,
        time=world.clock.now(),
        actor="user:mmartin5",
        site=None,
        address=None,
        correlation_id="c-1",
        causation_id=None,
        data={"user_id": f"user{number % 3}", **data},
    )


@pytest.fixture
def ports(world: World) -> Ports:
    return make_ports(world.clock)


@pytest.fixture
def append(world: World, ports: Ports) -> Callable[..., list[int | None]]:
    def append_now(*arrivals: Arrival) -> list[int | None]:
        with world.service.engine.begin() as connection:
            return list(append_entries(AppendEntries(arrivals), work_on(connection), ports))

    return append_now


def assert_whole(world: World, size: int) -> None:
    """As many entries as said, without a gap, each with the hash of the leaf that is kept."""
    log = world.log()
    assert [row.leaf_index for row in log] == list(range(size))
    assert [row.size for row in world.rows(log_head)] == [size]
    assert all(row.leaf_hash == leaf_hash(row.leaf) for row in log)


def test_events_are_appended_in_order_of_arrival__AUD_1(world: World, append: Callable[..., Any]) -> None:
    assert append(arrival(world, 1), arrival(world, 2)) == [0, 1]
    assert append(arrival(world, 3)) == [2]
    assert [row.event_id for row in world.log()] == ["e-1", "e-2", "e-3"]
    assert_whole(world, 3)


def test_same_event_again_is_not_appended__AUD_1(world: World, append: Callable[..., Any]) -> None:
    append(arrival(world, 1), arrival(world, 2))
    assert append(arrival(world, 2)) == [None]
    assert append(arrival(world, 3), arrival(world, 1), arrival(world, 4), arrival(world, 4)) == [2, None, 3, None]
    assert_whole(world, 4)


def test_other_event_in_a_taken_place_is_a_fork_and_told__AUD_1(world: World, append: Callable[..., Any]) -> None:
    append(arrival(world, 1))
    with pytest.raises(ForkedSequenceError):
        append(arrival(world, 2), arrival(world, 1, event_id="another"))
    assert_whole(world, 1)


def test_rollback_leaves_no_gap__AUD_1(world: World, ports: Ports, append: Callable[..., Any]) -> None:
    append(arrival(world, 1))

    @contextmanager
    def savepoint(connection: Connection) -> Any:
        with connection.begin_nested():
            yield

    def undo(around: Callable[[Connection], AbstractContextManager[object]]) -> None:
        with world.service.engine.begin() as connection, around(connection):
            append_entries(AppendEntries((arrival(world, 2),)), work_on(connection), ports)
            raise UndoneError

    with pytest.raises(UndoneError):
        undo(savepoint)
    assert append(arrival(world, 3)) == [1]
    assert_whole(world, 2)


def test_many_writers_at_once_leave_no_gap__AUD_1(world: World, ports: Ports) -> None:
    def write(writer: int) -> None:
        dice = random.Random(writer)  # noqa: S311 (which transactions fail)
        for turn in range(10):
            numbers = range(1000 * writer + 10 * turn, 1000 * writer + 10 * turn + 3)
            try:
                with world.service.engine.begin() as connection:
                    command = AppendEntries(tuple(arrival(world, number) for number in numbers))
                    append_entries(command, work_on(connection), ports)
                    if dice.random() < 0.3:
                        raise UndoneError
                done.extend(numbers)
            except UndoneError:
                continue

    done: list[int] = []
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    assert 0 < len(done) < 120
    assert {row.event_id for row in world.log()} == {f"e-{number}" for number in done}
    assert_whole(world, len(done))


def test_two_workers_append_everything_once_and_each_subject_in_order__AUD_1(world: World, ports: Ports) -> None:
    events = [
        world.event("identity.device.seen.v1", f"account/user{number % 7}", {"number": number}) for number in range(60)
    ]
    world.put(*events)
    world.put(*events[::-1])

    def work() -> None:
        worker = InboxWorker(world.service.engine, SUBSCRIPTIONS, SqlStore, ports, Outlet("audit", publish))
        while worker.step():
            pass

    workers = [threading.Thread(target=work) for _ in range(2)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    while world.service.inbox_step():
        pass
    assert_whole(world, 60)
    log = world.log()
    assert sorted(row.event_id for row in log) == sorted(event.id for event in events)
    for subject in {row.subject for row in log}:
        sequences = [row.sequence for row in log if row.subject == subject]
        assert sequences == list(range(1, len(sequences) + 1))


def test_unknown_type_from_every_service_is_appended__AUD_1(world: World) -> None:
    sources = ("identity", "registration", "entitlements", "notify")
    world.deliver(*(world.event(f"{source}.thing.done.v9", f"thing/{source}", {"a": 1}) for source in sources))
    assert {(row.source, row.type) for row in world.log()} == {(s, f"{s}.thing.done.v9") for s in sources}
    [row] = [row for row in world.log() if row.source == "notify"]
    assert (row.actor, row.subject) == ("user:geogym1", "thing/notify")
    leaf = orjson.loads(row.leaf)
    assert (leaf["actorsite"], leaf["correlationid"], leaf["data"]) == ("medical", "c-1", {"a": 1})


def test_text_that_databases_refuse_has_an_entry_as_well__AUD_1(world: World, append: Callable[..., Any]) -> None:
    data: dict[str, Any] = {"odd": "a\x00b \U0001f600", "person": {"first_name": "\x00Zoë 李"}}
    assert append(arrival(world, 1, **data)) == [0]
    assert orjson.loads(world.log()[0].leaf)["data"]["odd"] == "a\x00b \U0001f600"
    assert [single.value for single in disclosed(world, 0)] == ["\x00Zoë 李"]


def disclosed(world: World, index: int) -> list[Disclosed]:
    with world.service.engine.begin() as connection:
        return list(SqlStore(connection).log.personal(index))


def test_personal_values_open_what_the_leaf_commits_to__AUD_4(world: World) -> None:
    world.deliver(world.access("ssmith1234", None, grant("processor", "claim_status")))
    [row] = world.log()
    assert b"Sally" not in row.leaf
    committed = orjson.loads(row.leaf)["commitments"]
    found = disclosed(world, 0)
    assert {single.path for single in found} == set(committed)
    assert all(opens(single, committed[single.path]) for single in found)
    assert {single.value for single in found} >= {"Sally", "Smith", "+18605550100", "192.0.2.7"}


def test_erasing_a_person_leaves_every_leaf_and_hash__AUD_4(world: World, ports: Ports) -> None:
    world.deliver(
        world.access("ssmith1234", None, grant("processor")),
        world.access("jdoe123456", None, grant("processor")),
    )
    before = [tuple(row) for row in world.log()]
    with world.service.engine.begin() as connection:
        erase_person(ErasePerson("ssmith1234"), work_on(connection), ports)
    assert [tuple(row) for row in world.log()] == before
    assert_whole(world, 2)
    kept = {row.concerned: (row.person is not None, row.address is not None) for row in world.rows(entry_personal)}
    assert kept == {"ssmith1234": (False, True), "jdoe123456": (True, True)}
    names = {row.user_id: (row.first_name, row.email, row.phone) for row in world.rows(delegation_history)}
    assert names["ssmith1234"] == (None, None, None)
    assert names["jdoe123456"] == ("Sally", "ssmith1234@example.com", "+18605550100")


def test_what_an_actor_left_is_erased_with_the_actor__AUD_4(world: World, ports: Ports) -> None:
    world.deliver(world.access("ssmith1234", None, grant("processor")))
    with world.service.engine.begin() as connection:
        erase_person(ErasePerson("geogym1"), work_on(connection), ports)
    assert {single.path.split("/")[1] for single in disclosed(world, 0)} == {"data"}


def test_tables_and_revisions_agree_and_go_back_and_forth__OPS_6(world: World) -> None:
    engine = world.service.engine
    runner.check(engine, migrations_of("audit"))
    assert standing.fits(engine, migrations_of("audit"), "audit")
    runner.downgrade(engine, migrations_of("audit"), "audit", "base")
    assert not standing.fits(engine, migrations_of("audit"), "audit")
    world.service.migrate()
    runner.check(engine, migrations_of("audit"))
    assert_whole(world, 0)
