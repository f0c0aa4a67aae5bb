"""What happens while a password is being looked at, which takes long and holds nothing: it counts all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, column, delete, event, func, select, table, update

from chassis.security.hashing import Argon2Hasher
from chassis.testing.waiting import eventually
from services.identity.adapters.device_tables import device as devices
from services.identity.adapters.tables import account as accounts
from services.identity.adapters.tables import challenge, failure_count
from tests.integration.identity.devices import SAFARI, Visit
from tests.integration.identity.world import PASSWORD, WRONG, World

Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Has something done, once, as the next password is looked at."""
    waiting: list[Callable[[], object]] = []
    verify = Argon2Hasher.verify

    def overtaken(hasher: Argon2Hasher, hashed: str, secret: str) -> bool:
        if waiting:
            waiting.pop()()
        return verify(hasher, hashed, secret)

    monkeypatch.setattr(Argon2Hasher, "verify", overtaken)
    return waiting.append


def execute(world: World, statement: Any) -> None:
    with world.service.engine.begin() as connection:
        connection.execute(statement)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.parametrize("user_id", ["mmartin5", "nobody55"])
def test_no_connection_is_held_by_whoever_hashes__IDN_16(world: World, meanwhile: Meanwhile, user_id: str) -> None:
    held: list[int] = []
    pool: Any = world.service.engine.pool
    meanwhile(lambda: held.append(pool.checkedout()))
    Visit(world, user_id=user_id).begin()
    assert held == [0]


def test_an_account_that_was_disabled_meanwhile_is_not_signed_in__IDN_13(world: World, meanwhile: Meanwhile) -> None:
    disabled = update(accounts).where(accounts.c.user_id == "mmartin5").values(state="disabled")
    meanwhile(lambda: execute(world, disabled))
    assert code_of(Visit(world).begin()) == (403, "account_disabled")
    assert world.count(challenge) == 0


def test_nor_on_a_trusted_device__IDN_13(world: World, meanwhile: Meanwhile) -> None:
    visit = Visit(world)
    visit.sign_in(remember=True)
    disabled = update(accounts).where(accounts.c.user_id == "mmartin5").values(state="disabled")
    meanwhile(lambda: execute(world, disabled))
    assert code_of(visit.begin()) == (403, "account_disabled")


def test_a_password_that_was_changed_meanwhile_is_wrong_and_counts__IDN_7_IDN_9(
    world: World, meanwhile: Meanwhile
) -> None:
    others = select(accounts.c.password_hash).where(accounts.c.user_id == "support1").scalar_subquery()
    changed = update(accounts).where(accounts.c.user_id == "mmartin5").values(password_hash=others)
    meanwhile(lambda: execute(world, changed))
    assert code_of(Visit(world).begin()) == (401, "sign_in_failed")
    assert world.events("identity.sign_in.failed.v1")[-1]["failures"] == 1


def lock(world: World) -> None:
    """By guesses from elsewhere."""
    for seconds in (0, 0, 0, 0, 1, 2, 4, 8, 16, 32):
        world.clock.advance(seconds=seconds)
        assert Visit(world, agent=SAFARI).begin(WRONG).status_code == 401


def test_guesses_that_locked_the_account_meanwhile_hold_the_right_password_back__IDN_9(
    world: World, meanwhile: Meanwhile
) -> None:
    meanwhile(lambda: lock(world))
    assert code_of(Visit(world).begin()) == (429, "too_many_attempts")
    assert world.count(challenge) == 0


def test_a_device_that_was_given_up_meanwhile_skips_nothing__IDN_4(world: World, meanwhile: Meanwhile) -> None:
    visit = Visit(world)
    visit.sign_in(remember=True)
    meanwhile(lambda: execute(world, delete(devices)))
    assert visit.state() == "device_not_trusted"


def test_nor_does_it_lead_around_the_lock_of_the_account__IDN_9(world: World, meanwhile: Meanwhile) -> None:
    visit = Visit(world)
    visit.sign_in(remember=True)

    def give_up_and_lock() -> None:
        execute(world, delete(devices))
        lock(world)

    meanwhile(give_up_and_lock)
    assert code_of(visit.begin()) == (429, "too_many_attempts")


def test_a_wrong_password_there_ends_no_device_twice_and_locks_no_account__IDN_9(
    world: World, meanwhile: Meanwhile
) -> None:
    visit = Visit(world)
    visit.sign_in(remember=True)
    for seconds in (0, 0, 0, 0, 1, 2, 4, 8, 16):
        world.clock.advance(seconds=seconds)
        assert visit.begin(WRONG).status_code == 401
    world.clock.advance(seconds=32)
    meanwhile(lambda: execute(world, delete(devices)))
    assert visit.begin(WRONG).status_code == 401
    assert world.events("identity.device.revoked.v1") == []
    assert world.events("identity.account.locked.v1") == []
    assert Visit(world, agent=SAFARI).begin().status_code == 200


def test_a_device_given_up_while_the_account_is_locked_skips_nothing__IDN_4(database: str) -> None:
    """Whoever gives a device up has the account's lock; the sign-in that waits for it finds the device gone."""
    world = World(database)
    visit = Visit(world)
    visit.sign_in(remember=True)
    states: list[str] = []
    signing_in = threading.Thread(target=lambda: states.append(visit.state()))
    with world.service.engine.begin() as connection:
        connection.execute(select(accounts).where(accounts.c.user_id == "mmartin5").with_for_update())
        signing_in.start()
        eventually(lambda: _waits_for_lock(world.service.engine), within=60)
        connection.execute(delete(devices))
    signing_in.join(60)
    world.service.engine.dispose()
    assert states == ["device_not_trusted"]


def _waits_for_lock(engine: Engine) -> bool:
    sessions = table("pg_stat_activity", column("datname"), column("wait_event_type"))
    waiting = (sessions.c.datname == func.current_database(), sessions.c.wait_event_type == "Lock")
    with engine.connect() as connection:
        return bool(connection.execute(select(func.count()).select_from(sessions).where(*waiting)).scalar_one())


def test_sign_ins_of_one_account_at_once_all_succeed_and_forget_its_failures__IDN_9(world: World) -> None:
    for _ in range(3):
        assert Visit(world).begin(WRONG).status_code == 401
    answers = world.at_once([lambda: Visit(world).begin()] * 8)
    assert [answer.status_code for answer in answers] == [200] * 8
    assert world.count(challenge) == 8
    with world.service.engine.connect().execution_options(write=False) as connection:
        assert connection.execute(select(func.sum(failure_count.c.failures))).scalar_one() == 0
    assert [Visit(world).begin(WRONG).status_code for _ in range(5)] == [401, 401, 401, 401, 429]


class Heard:
    """What is asked of an SQLite database, statement by statement: PostgreSQL is asked the same past SQLAlchemy."""

    def __init__(self, world: World) -> None:
        self.asked: list[str] = []
        event.listen(world.service.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.asked.append(statement)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[World]:
    made = World(f"sqlite:///{tmp_path / 'identity.sqlite'}")
    yield made
    made.service.engine.dispose()


def test_until_the_hash_the_same_is_asked_for_known_and_unknown__IDN_1(small: World, meanwhile: Meanwhile) -> None:
    heard, found = Heard(small), []
    for user_id in ("mmartin5", "nobody55"):
        heard.asked.clear()
        meanwhile(lambda: found.append(list(heard.asked)))
        assert Visit(small, user_id=user_id).begin(WRONG).status_code == 401
    assert found[0] == found[1]
    assert len(found[0]) == 1


def test_a_password_step_is_seven_words_with_the_database__IDN_1(small: World) -> None:
    """One before the hash; after it count, account, contacts, habits, means of the second step, and the challenge."""
    heard = Heard(small)
    assert small.post("/sign-in", {"user_id": "mmartin5", "password": PASSWORD}).status_code == 200
    kinds = [each.split(maxsplit=1)[0] for each in heard.asked]
    assert kinds == ["SELECT", "INSERT", *["SELECT"] * 4, "INSERT"]
