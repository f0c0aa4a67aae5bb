"""Simultaneous submits and events on PostgreSQL, where nothing serialises writers but their locks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import receive
from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from services.registration.adapters.tables import outreach_cases, outreach_waiting, registrations
from tests.contract.registration.world import World, form

AT_ONCE = 8


@pytest.fixture
def world(database: str) -> Any:
    made = World(database)
    yield made
    made.service.engine.dispose()


def at_once(work: Callable[[int], object]) -> list[object]:
    start, results = threading.Barrier(AT_ONCE, timeout=60), []

    def run(number: int) -> None:
        start.wait()
        results.append(work(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def count(world: World, table: Any) -> int:
    with world.service.engine.connect() as connection:
        found: int = connection.execute(select(func.count()).select_from(table)).scalar_one()
        return found


def test_one_key_many_times_at_once_registers_once__REG_9(world: World) -> None:
    answers = at_once(lambda _: world.post("/registrations", form(), "key-1"))
    assert {answer.status_code for answer in answers} == {201}  # type: ignore[attr-defined]
    assert len({answer.text for answer in answers}) == 1  # type: ignore[attr-defined]
    assert count(world, registrations) == 1
    assert len(world.published("registration.registration.submitted.v1")) == 1


def test_one_user_id_many_times_at_once_has_one_account__REG_6(world: World) -> None:
    answers = at_once(lambda number: world.post("/registrations", form(), f"key-{number}").status_code)
    assert sorted(map(str, answers)) == ["201"] + ["409"] * (AT_ONCE - 1)
    assert count(world, registrations) == 1


def test_many_requests_at_once_open_one_case__REG_13(world: World) -> None:
    def envelope(number: int) -> Envelope:
        request = str(new_id())
        data = {
            "request_id": request,
            "user_id": f"user{number}",
            "tin": "987654321",
            "line": "medical",
            "practice": None,
            "state": "no_manager",
            "since": world.clock.now().isoformat(),
            "person": {"first_name": "Zoë", "last_name": "O’Brien", "email": "zoe@example.com"},
        }
        event, cause = "entitlements.request.opened.v1", Cause("user:x", "c-1")
        return Envelope(str(new_id()), "entitlements", event, f"request/{request}", 1, world.clock.now(), data, cause)

    with world.service.engine.begin() as connection:
        receive(connection, [envelope(number) for number in range(40)], world.service.appetite)

    def work(_: int) -> None:
        while world.service.inbox_step():
            pass

    at_once(work)
    while world.service.inbox_step():
        pass
    assert count(world, outreach_cases) == 1
    assert count(world, outreach_waiting) == 40
    assert len(world.published("registration.outreach.opened.v1")) == 1
