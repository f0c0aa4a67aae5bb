"""A thousand times two managers remove each other at the same moment on PostgreSQL, and never is there none (ENT-3)."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, insert, select

from chassis.kernel.errors import WardenryError
from services.entitlements.adapters.tables import access, person
from services.entitlements.application.change_access import ChangeAccess, change_access
from services.entitlements.application.wishes import WishedAccess
from services.entitlements.bootstrap import make_ports
from services.entitlements.domain.levels import FIXED, Level
from services.entitlements.domain.people import AccountState
from services.entitlements.domain.places import Line, Place
from tests.integration.entitlements.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROUNDS = 1000
PLACES = [Place(f"{400_000_000 + number}", Line.DENTAL) for number in range(ROUNDS)]
PAIR = ("mary", "george")
FORBIDDEN = {"last_manager", "not_yours_to_give", "not_found"}
"""What whoever comes second may be told: they are the last, or are no manager any more."""


def user_id(name: str, place: Place) -> str:
    """Each practice has two managers of its own: who has much access is looked at for longer."""
    return f"{name}.{place.tin}"


@pytest.fixture
def managed(database: str) -> World:
    """A thousand practices with two managers each."""
    world = World(database)
    users = [(user_id(name, place), place) for name in PAIR for place in PLACES]
    people = [
        {
            "user_id": user,
            **dict.fromkeys(("first_name", "last_name", "first_search", "last_search"), "x"),
            "email": "x@example.com",
            "state": AccountState.ACTIVE.value,
        }
        for user, _ in users
    ]
    rows = [
        {
            "access_id": user,
            "user_id": user,
            "tin": place.tin,
            "line": place.line.value,
            "level": Level.PRIMARY.value,
            "functions": sorted(FIXED[Level.PRIMARY]),
            "given_by": "system:test",
            "since": world.clock.now(),
        }
        for user, place in users
    ]
    with world.service.engine.begin() as connection:
        connection.execute(insert(person), people)
        connection.execute(insert(access), rows)
    return world


def test_a_thousand_times_two_who_remove_each_other_leave_one__ENT_3(managed: World) -> None:
    ports, start = make_ports(managed.settings, managed.clock, managed.service.engine), threading.Barrier(2)

    def remove(remover: str, removed: str, place: Place) -> str:
        command = ChangeAccess(remover, removed, (WishedAccess(place, None),))
        try:
            managed.wiring.run(f"user:{remover}", lambda work: change_access(command, work, ports))
        except WardenryError as refused:
            return refused.code
        return "removed"

    def race(names: tuple[str, str]) -> list[str]:
        (remover, removed), outcomes = names, []
        for place in PLACES:
            start.wait(60)
            outcomes.append(remove(user_id(remover, place), user_id(removed, place), place))
        return outcomes

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(zip(*pool.map(race, (PAIR, PAIR[::-1])), strict=True))
    assert Counter(outcome.count("removed") for outcome in outcomes) == {1: ROUNDS}
    assert {code for outcome in outcomes for code in outcome} <= FORBIDDEN | {"removed"}
    left = select(access.c.tin, func.count()).where(access.c.ended_at.is_(None)).group_by(access.c.tin)
    with managed.service.engine.connect().execution_options(write=False) as connection:
        assert Counter(row.count for row in connection.execute(left)) == {1: ROUNDS}
    managed.service.engine.dispose()
