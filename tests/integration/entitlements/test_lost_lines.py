"""Practices with thousands of people lose a line of business and get it back, a bounded part at a time (REG-17)."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from chassis.bus.loop import Loop, Wakeup
from chassis.db.tables import outbox
from chassis.testing.waiting import eventually
from services.entitlements.adapters.tables import access, person, relining, suspension
from services.entitlements.application.follow_lines import AT_ONCE
from services.entitlements.domain.access import LINE_LOST
from services.entitlements.domain.people import AccountState
from tests.integration.entitlements.world import OURS, THEIRS, World, change

ROOT = Path(__file__).parents[3]
CROWD = 2_200
SUSPENDED, RESTORED = "entitlements.access.suspended.v1", "entitlements.access.restored.v1"
NAMES = {OURS: "State Medical Center", THEIRS: "OGYAM GEORGE Y MD"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def crowd(world: World, count: int, tin: str = OURS) -> list[str]:
    """Mary manages the practice; so many others work there."""
    directory(world, "medical", "behavioral", version=1, tin=tin)
    world.account("mary")
    world.give("mary", "primary", tin=tin)
    users = [f"u{number:05}" for number in range(count)]
    names = dict.fromkeys(("first_name", "last_name", "first_search", "last_search"), "x")
    shared = {**names, "email": "x@example.com", "state": AccountState.ACTIVE.value}
    given = {"tin": tin, "line": "medical", "level": "processor", "functions": ["claim_status"], "given_by": "mary"}
    with world.service.engine.begin() as connection:
        known = set(connection.execute(select(person.c.user_id)).scalars())
        new = [{"user_id": user_id, **shared} for user_id in users if user_id not in known]
        if new:
            connection.execute(insert(person), new)
        rows = [
            {"access_id": f"{user_id} {tin}", "user_id": user_id, "since": world.clock.now(), **given}
            for user_id in users
        ]
        connection.execute(insert(access), rows)
    return ["mary", *users]


def directory(world: World, *lines: str, version: int, tin: str = OURS) -> None:
    """Heard of, and nothing done about it yet."""
    world.hear(world.directory_event(tin, NAMES[tin], *lines, version=version))


def suspended(world: World) -> int:
    standing = (suspension.c.cause == LINE_LOST, suspension.c.ended_at.is_(None))
    with world.service.engine.connect().execution_options(write=False) as connection:
        return connection.execute(select(func.count()).select_from(suspension).where(*standing)).scalar_one()


def noted(world: World) -> int:
    """At how many practices something has yet to follow."""
    with world.service.engine.connect().execution_options(write=False) as connection:
        return connection.execute(select(func.count()).select_from(relining)).scalar_one()


def told(world: World) -> dict[str, list[str]]:
    """What was told of each user's suspensions, in order of their sequence, which has no gap."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    statement = select(outbox.c.type, outbox.c.subject, outbox.c.sequence).order_by(outbox.c.subject, outbox.c.sequence)
    with world.service.engine.connect().execution_options(write=False) as connection:
        for row in connection.execute(statement):
            found[row.subject].append((row.sequence, row.type))
    assert all([number for number, _ in rows] == list(range(1, len(rows) + 1)) for rows in found.values())
    return {
        subject.removeprefix("access/"): turns
        for subject, rows in found.items()
        if (turns := [happened for _, happened in rows if happened in {SUSPENDED, RESTORED}])
    }


def killed_after(world: World, steps: int) -> None:
    """A process does so many steps, and is killed as it commits the next."""
    command = [sys.executable, "-m", "tests.integration.entitlements.following"]
    url = world.settings.database_url.get_secret_value()
    assert subprocess.run([*command, url, str(steps)], cwd=ROOT, check=False, timeout=300).returncode == -9


def steps_to_the_end(world: World) -> Sequence[int]:
    """How many are suspended after each step."""
    counts = []
    while world.follow_lines():
        counts.append(suspended(world))
    return counts


def most_at_once(counts: Sequence[int]) -> int:
    return max(abs(after - before) for before, after in pairwise(counts))


def test_thousands_lose_their_line_and_get_it_back_once_whoever_is_killed__REG_17(world: World) -> None:
    users = crowd(world, CROWD)
    directory(world, "behavioral", version=2)
    assert suspended(world) == 0
    assert world.check("u00000", "claim_status") == (False, "line_not_offered")
    killed_after(world, 2)
    assert suspended(world) == 2 * AT_ONCE
    counts = [suspended(world), *steps_to_the_end(world)]
    assert counts[-1] == len(users)
    assert most_at_once(counts) <= AT_ONCE
    assert told(world) == {user_id: [SUSPENDED] for user_id in users}

    directory(world, "medical", "behavioral", version=3)
    killed_after(world, 1)
    counts = [suspended(world), *steps_to_the_end(world)]
    assert (counts[0], counts[-1]) == (len(users) - AT_ONCE, 0)
    assert most_at_once(counts) <= AT_ONCE
    assert told(world) == {user_id: [SUSPENDED, RESTORED] for user_id in users}
    assert world.check("u00000", "claim_status") == (True, "granted")
    assert world.follow_lines() is False


def test_a_line_that_comes_back_half_way_is_restored_to_those_who_lost_it__REG_17(world: World) -> None:
    users = crowd(world, AT_ONCE + 100)
    directory(world, "behavioral", version=2)
    assert world.follow_lines()
    early = set(told(world))
    assert len(early) == AT_ONCE
    directory(world, "medical", "behavioral", version=3)
    steps_to_the_end(world)
    assert suspended(world) == 0
    assert told(world) == {user_id: [SUSPENDED, RESTORED] for user_id in users if user_id in early}
    assert world.put("mary", "u00000", change("processor", "fee_schedule")).status_code == 200


def test_what_follows_from_the_directory_says_so__REG_17_AUD_1(world: World) -> None:
    crowd(world, 2)
    event = world.directory_event(OURS, NAMES[OURS], "behavioral", version=2)
    world.deliver(event)
    columns = (outbox.c.actor, outbox.c.actor_site, outbox.c.correlation_id, outbox.c.causation_id)
    with world.service.engine.connect().execution_options(write=False) as connection:
        causes = Counter(map(tuple, connection.execute(select(*columns).where(outbox.c.type == SUSPENDED))))
    assert causes == {("user:somebody", "medical", "c-1", event.id): 3}


def test_any_number_may_follow_at_once_and_nothing_is_told_twice__REG_17_OPS_3(world: World) -> None:
    users = set(crowd(world, AT_ONCE + 100)) | set(crowd(world, 100, THEIRS))
    for tin in NAMES:
        directory(world, "behavioral", version=2, tin=tin)

    followers = [Loop(f"lines {number}", world.follow_lines, Wakeup(), poll=0.01) for number in range(3)]
    for each in followers:
        each.start()
    eventually(lambda: noted(world) == 0, within=300)
    for each in followers:
        each.stop()
    assert all(each.join(60) for each in followers)
    assert suspended(world) == AT_ONCE + 100 + 1 + 100 + 1
    assert {user_id: len(turns) for user_id, turns in told(world).items()} == {
        user_id: 2 if user_id == "mary" or user_id < "u00100" else 1 for user_id in users
    }


def test_a_practice_where_nothing_can_be_done_holds_up_no_other__REG_17(world: World) -> None:
    crowd(world, 2)
    with world.service.engine.begin() as connection:
        connection.execute(insert(relining), [{"tin": "000000000", "actor": "system:test", "correlation_id": "c-1"}])
    directory(world, "behavioral", version=2)
    assert [world.follow_lines() for _ in range(3)] == [False, True, False]
    assert (suspended(world), noted(world)) == (3, 1)
