"""What was changed shows in the next check, whichever web process answers it, whatever befalls that (ENT-10)."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any, Final

import pytest
from sqlalchemy import text

from deploy.native.databases import Databases
from services.entitlements.adapters.remembered.freshness import settle
from tests.faults.proxy import Proxy
from tests.integration.entitlements.processes import Process, process
from tests.integration.entitlements.world import OURS, World, change

ROUNDS: Final = 100
ON_THE_WAY: Final = 0.010
"""Seconds that every word of the database to the reader, and back, is under way."""

HIDDEN: Final = {
    "person": ("UPDATE person SET state = 'unconfirmed' WHERE user_id = 'sally'", "not_confirmed"),
    "access": ("UPDATE access SET functions = '[]' WHERE user_id = 'sally'", "not_granted"),
    "suspension": (
        """INSERT INTO suspension (suspension_id, user_id, tin, line, cause, since)
        VALUES ('s', 'sally', '123456789', 'medical', 'account_disabled', now())""",
        "suspended",
    ),
    "practice": ("UPDATE practice SET lines = '[\"dental\"]' WHERE tin = '123456789'", "line_not_offered"),
    "ended": ("UPDATE access SET ended_at = now() WHERE user_id = 'sally'", "access_ended"),
    "removed": ("DELETE FROM access WHERE user_id = 'sally' AND ended_at IS NULL", "no_access"),
}
CUT: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'wardenry checks' AND datname = current_database()
"""
SHOWN: Final = (
    "UPDATE person SET state = 'active' WHERE user_id = 'sally'",
    "DELETE FROM suspension WHERE user_id = 'sally'",
    "UPDATE practice SET lines = '[\"medical\"]' WHERE tin = '123456789'",
    "DELETE FROM access WHERE user_id = 'sally'",
    """INSERT INTO access (access_id, user_id, tin, line, level, functions, given_by, since)
    VALUES ('a', 'sally', '123456789', 'medical', 'processor', '[\"claim_status\"]', 'mary', now())""",
)


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World(database, managers_per_tin=15)
    made.practice(OURS, "State Medical Center", "medical")
    for user_id in ("mary", "sally"):
        made.account(user_id)
    made.give("mary", "primary")
    made.give("sally", "processor", "claim_status")
    yield made
    made.service.engine.dispose()


@pytest.fixture
def proxy(postgresql: Databases) -> Iterator[Proxy]:
    with Proxy(postgresql.port) as made:
        yield made


@pytest.fixture
def reader(world: World, database: str, proxy: Proxy) -> Iterator[Process]:
    """A process to which word of the database takes its time."""
    with process(world, proxy.through(database)) as made:
        proxy.delay(ON_THE_WAY)
        yield made


class Writer:
    """Changes by hand what is known of sally, and answers as every writer does: once it has settled."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kinds = cycle(HIDDEN)

    def write(self, *statements: str, **values: Any) -> None:
        with self._world.service.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)
        settle()

    def there_and_back(self, reader: Process) -> None:
        """Hide sally's access in one of many ways, then show it again; each has to show in the next check."""
        kind = next(self._kinds)
        hide, expected = HIDDEN[kind]
        self.write(hide)
        assert reader.check("sally") == expected, kind
        self.write(*SHOWN)
        assert reader.check("sally") == "granted", kind


@pytest.fixture
def writer(world: World) -> Writer:
    return Writer(world)


def test_what_one_process_changed_the_other_answers_by__ENT_10(world: World, database: str, reader: Process) -> None:
    with process(world, database) as writer:
        for functions, expected in islice(cycle((((), "not_granted"), (("claim_status",), "granted"))), ROUNDS):
            reader.remembers("sally")
            writer.put("mary", "sally", change("processor", *functions))
            assert reader.check("sally") == expected
            assert writer.check("sally") == expected


def test_whatever_changes_by_hand_shows_as_well__ENT_10(reader: Process, writer: Writer) -> None:
    for _ in range(ROUNDS // 2):
        reader.remembers("sally")
        writer.there_and_back(reader)


def test_it_shows_while_memory_is_being_filled__ENT_10(
    world: World, proxy: Proxy, database: str, writer: Writer
) -> None:
    writer.write(
        "INSERT INTO person (user_id, first_name, last_name, first_search, last_search, email, state)"
        " SELECT 'user' || number, 'a', 'b', 'a', 'b', 'c', 'active' FROM generate_series(1, 20000) AS each (number)",
        "INSERT INTO access (access_id, user_id, tin, line, level, functions, given_by, since)"
        " SELECT user_id, user_id, '123456789', 'medical', 'processor', '[]', 'mary', now() FROM person"
        " WHERE user_id LIKE 'user%'",
    )
    dice = random.Random(7)  # noqa: S311 (the same every time)
    held: set[str] = set()
    with process(world, proxy.through(database)) as reader:
        proxy.delay(0.002)
        for _ in range(ROUNDS):
            user_id = f"user{dice.randrange(1, 200)}"
            held ^= {user_id}
            functions = '["claim_status"]' if user_id in held else "[]"
            writer.write(
                "UPDATE access SET functions = CAST(:functions AS jsonb) WHERE user_id = :user_id",
                functions=functions,
                user_id=user_id,
            )
            assert reader.check(user_id) == ("granted" if user_id in held else "not_granted")
        reader.remembers("user1")


def test_it_shows_though_the_listener_is_cut_off_over_and_over__ENT_10(
    world: World, reader: Process, writer: Writer
) -> None:
    over = threading.Event()

    def cut() -> None:
        while not over.wait(0.3):
            with world.service.engine.begin() as connection:
                connection.execute(text(CUT))

    with ThreadPoolExecutor(1) as pool:
        cutting = pool.submit(cut)
        try:
            for _ in range(ROUNDS // 2):
                writer.there_and_back(reader)
        finally:
            over.set()
        cutting.result(60)
    reader.remembers("sally")


def test_it_shows_though_the_reader_was_halted__ENT_10(reader: Process, writer: Writer) -> None:
    """Asked while it stood still, it goes by what is true when it goes on."""
    with ThreadPoolExecutor(1) as pool:
        for hide, expected in islice(cycle(HIDDEN.values()), ROUNDS // 4):
            writer.write(*SHOWN)
            reader.remembers("sally")
            reader.halt()
            try:
                writer.write(hide)
                asked = pool.submit(reader.check, "sally")
            finally:
                reader.go_on()
            assert asked.result(60) == expected


def test_it_shows_though_the_listening_connection_is_half_open__ENT_10(
    proxy: Proxy, reader: Process, writer: Writer
) -> None:
    reader.remembers("sally")
    proxy.catch(b"pg_trigger", passing=True)
    with ThreadPoolExecutor(1) as pool:
        asking = threading.Event()

        def ask() -> None:
            while not asking.wait(0.05):
                reader.check("mary")

        asked = pool.submit(ask)
        try:
            proxy.await_caught()
        finally:
            asking.set()
        asked.result(60)
    for _ in range(ROUNDS // 5):
        writer.there_and_back(reader)
    proxy.heal()
    for _ in range(ROUNDS // 5):
        writer.there_and_back(reader)
    reader.remembers("sally")


def test_access_ends_at_its_end_also_in_memory__ENT_10_ENT_11(reader: Process, writer: Writer) -> None:
    """Nothing is told when time passes: the end stands in what is remembered."""
    tolerance = timedelta(seconds=0.5)
    for _ in range(3):
        until = datetime.now(UTC) + timedelta(seconds=3)
        writer.write(*SHOWN, "UPDATE access SET until = :until WHERE user_id = 'sally'", until=until)
        reader.remembers("sally")
        while True:
            began = datetime.now(UTC)
            answer = reader.check("sally")
            if datetime.now(UTC) < until - tolerance:
                assert answer == "granted"
            if began > until + tolerance:
                assert answer == "access_ended"
                break
