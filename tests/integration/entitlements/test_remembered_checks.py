"""What is remembered for checks is what the database says, and whatever changes it is heard of (ENT-10; ADR 0040)."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Engine, delete, insert, make_url, text, update

from chassis.kernel.ids import new_id
from deploy.native.databases import Databases
from services.entitlements.adapters.checks import SqlChecks
from services.entitlements.adapters.remembered.filler import Filler
from services.entitlements.adapters.remembered.freshness import moment
from services.entitlements.adapters.remembered.keeper import Keeper
from services.entitlements.adapters.remembered.line import PostgresqlLine
from services.entitlements.adapters.remembered.memory import NEVER, Memory
from services.entitlements.adapters.remembered.whole import WholePeople, WholePractices
from services.entitlements.adapters.tables import access, person, practice, suspension
from services.entitlements.bootstrap import build
from services.entitlements.domain.access import CAUSES
from services.entitlements.domain.checking import Question
from services.entitlements.domain.people import AccountState
from services.entitlements.domain.places import Line, Place
from tests.integration.entitlements.world import OURS, THEIRS, World, settings

FUNCTIONS: Final = ("claim_status", "eft_view", "precert_view", "fee_schedule")
TINS: Final = (OURS, THEIRS, "345678901", "456789012")
USERS: Final = tuple(f"user{number}" for number in range(30))
UNKNOWN_USER, UNKNOWN_TIN = "nobody", "999999999"
SALLY: Final = Question("sally", "claim_status", Place(OURS, Line.MEDICAL))
FOREVER_AGO: Final = -1e9


class Remembering:
    """A memory of a database, kept and filled by hand."""

    def __init__(self, engine: Engine) -> None:
        self.memory = Memory(1_000_000)
        self.keeper = Keeper(self.memory, partial(PostgresqlLine.to, engine.url), every=0)
        self.filler = Filler(self.memory, WholePeople(engine), WholePractices(engine))

    def fill(self) -> None:
        if self.memory.true_as_of == NEVER:
            self.keeper.step()
            self.keeper.step()
        while self.filler.step():
            pass
        self.keeper.step()

    def knows(self, question: Question) -> bool:
        return self.memory.known([question], FOREVER_AGO) is not None


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World(database)
    yield made
    made.service.engine.dispose()


@pytest.fixture
def engine(world: World) -> Engine:
    return world.service.engine


@pytest.fixture
def remembering(engine: Engine) -> Iterator[Remembering]:
    made = Remembering(engine)
    yield made
    made.keeper.close()


@pytest.fixture
def sally(world: World, remembering: Remembering) -> Remembering:
    for tin in (OURS, THEIRS):
        world.practice(tin, "State Medical Center", "medical", "behavioral")
    for user_id in ("sally", "mary"):
        world.account(user_id)
        world.give(user_id, "processor", "claim_status")
    remembering.fill()
    assert remembering.knows(SALLY)
    return remembering


# Equal to the database


class People:
    """Made-up people with access of all kinds, straight in the tables; changed at random."""

    def __init__(self, world: World, seed: int) -> None:
        self.now = world.clock.now()
        self.engine = world.service.engine
        self.dice = random.Random(seed)  # noqa: S311 (made-up data, the same every time)

    def make(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(insert(person), [self._person(each) for each in USERS])
            connection.execute(insert(practice), [{"tin": tin, **self._practice()} for tin in TINS])
            connection.execute(insert(access), [self._interval(*self._place()) for _ in range(60)])
        for _ in range(80):
            self.change()

    def change(self) -> None:
        """One thing, as any writer might."""
        change = self.dice.choice((self._state, self._lines, self._give, self._take, self._suspend, self._resume))
        with self.engine.begin() as connection:
            connection.execute(change())

    def _person(self, user_id: str) -> dict[str, Any]:
        names = dict.fromkeys(("first_name", "last_name", "first_search", "last_search", "email"), user_id)
        return {"user_id": user_id, **names, "state": self.dice.choice(tuple(AccountState)).value}

    def _practice(self) -> dict[str, Any]:
        lines = self.dice.sample(tuple(Line), self.dice.randrange(1, 4))
        return {"name": "Practice", "lines": sorted(lines), "version": 1}

    def _place(self) -> tuple[str, str, str]:
        return self.dice.choice(USERS), self.dice.choice((*TINS, UNKNOWN_TIN)), self.dice.choice(tuple(Line)).value

    def _interval(self, user_id: str, tin: str, line: str) -> dict[str, Any]:
        functions = sorted(self.dice.sample(FUNCTIONS, self.dice.randrange(len(FUNCTIONS))))
        who = {"user_id": user_id, "tin": tin, "line": line, "level": "processor", "given_by": "mary"}
        return {"access_id": str(new_id()), **who, "functions": functions, "since": self.now, "ended_at": self.now}

    def _state(self) -> Any:
        state = self.dice.choice(tuple(AccountState)).value
        return update(person).where(person.c.user_id == self.dice.choice(USERS)).values(state=state)

    def _lines(self) -> Any:
        return update(practice).where(practice.c.tin == self.dice.choice(TINS)).values(**self._practice())

    def _give(self) -> Any:
        """Opens what was closed, unless something else is open there."""
        opened = access.alias("opened")
        same = [opened.c[name] == access.c[name] for name in ("user_id", "tin", "line")]
        stands = opened.select().where(*same, opened.c.ended_at.is_(None)).exists()
        chosen = (
            access.select().with_only_columns(access.c.access_id).where(~stands).order_by(text("random()")).limit(1)
        )
        until = self.dice.choice((None, self.now - timedelta(days=1), self.now + timedelta(days=1)))
        return update(access).where(access.c.access_id.in_(chosen)).values(ended_at=None, until=until)

    def _take(self) -> Any:
        user_id, _, _ = self._place()
        return update(access).where(access.c.user_id == user_id, access.c.ended_at.is_(None)).values(ended_at=self.now)

    def _suspend(self) -> Any:
        user_id, tin, line = self._place()
        functions = self.dice.choice((None, ["claim_status"], ["eft_view", "precert_view"]))
        suspension_id = str(new_id())
        values = {"suspension_id": suspension_id, "user_id": user_id, "tin": tin, "line": line, "since": self.now}
        clause = insert(suspension).values(**values, cause=f"{self.dice.choice(CAUSES)}-{suspension_id[-6:]}")
        return clause.values(functions=functions) if functions else clause

    def _resume(self) -> Any:
        user_id, _, _ = self._place()
        return update(suspension).where(suspension.c.user_id == user_id).values(ended_at=self.now)


@pytest.mark.parametrize("seed", range(4))
def test_memory_and_database_say_the_same_of_everybody__ENT_10(
    world: World, remembering: Remembering, seed: int
) -> None:
    people = People(world, seed)
    people.make()
    remembering.fill()
    places = [None, *(Place(*each) for each in product((*TINS, UNKNOWN_TIN), Line))]
    questions = [Question(*each) for each in product((*USERS, UNKNOWN_USER), ("claim_status",), places)]
    for _ in range(30):
        _compare(remembering, SqlChecks(world.service.engine), questions)
        people.change()
        remembering.keeper.step()
        for question in questions:
            remembering.filler.want(question.user_id, question.place.tin if question.place else None)
        remembering.fill()


def _compare(remembering: Remembering, checks: SqlChecks, questions: Sequence[Question]) -> None:
    expected = checks.known(questions)
    answered = 0
    for question, known in zip(questions, expected, strict=True):
        remembered = remembering.memory.known([question], FOREVER_AGO)
        if remembered is None:
            assert question.user_id == UNKNOWN_USER or (question.place and question.place.tin == UNKNOWN_TIN), question
        else:
            assert remembered == [known], question
            answered += 1
    assert answered == len(USERS) * (len(TINS) * len(Line) + 1)


# Heard of, whoever changes it

CHANGES: Final = {
    "access given": "INSERT INTO access (access_id, user_id, tin, line, level, functions, given_by, since)"
    " VALUES ('new', 'sally', '223344556', 'medical', 'processor', '[]', 'mary', now())",
    "access changed": "UPDATE access SET functions = '[]' WHERE user_id = 'sally'",
    "access taken": "DELETE FROM access WHERE user_id = 'sally'",
    "access from her": "UPDATE access SET user_id = 'mary', line = 'dental' WHERE user_id = 'sally'",
    "access to her": "UPDATE access SET user_id = 'sally', line = 'dental' WHERE user_id = 'mary'",
    "access emptied": "TRUNCATE access",
    "person": "UPDATE person SET state = 'removed' WHERE user_id = 'sally'",
    "nobody": "WITH none AS (DELETE FROM access WHERE user_id = 'sally') DELETE FROM person WHERE user_id = 'sally'",
    "suspended": "INSERT INTO suspension (suspension_id, user_id, tin, line, cause, since)"
    " VALUES ('new', 'sally', '123456789', 'medical', 'review', now())",
    "lines": "UPDATE practice SET lines = '[\"dental\"]' WHERE tin = '123456789'",
    "practice": "DELETE FROM practice WHERE tin = '123456789'",
    "renumbered": "UPDATE practice SET tin = '123456780' WHERE tin = '123456789'",
    "upserted": "INSERT INTO practice (tin, name, lines, version) VALUES ('123456789', 'x', '[]', 9)"
    " ON CONFLICT (tin) DO UPDATE SET lines = excluded.lines",
    "directory emptied": "TRUNCATE practice",
    "as a replica would": "SET LOCAL session_replication_role = replica;"
    " UPDATE person SET state = 'removed' WHERE user_id = 'sally'",
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_heard_of__ENT_10(
    change: str, database: str, postgresql: Databases, sally: Remembering
) -> None:
    url = postgresql.url(str(make_url(database).database)) if "replica" in change else database
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(CHANGES[change])
    sally.keeper.step()
    assert not sally.knows(SALLY)


def test_what_checks_do_not_stand_on_is_not_told__ENT_10(engine: Engine, sally: Remembering) -> None:
    with engine.begin() as connection:
        connection.execute(update(practice).values(name="Another name"))
    sally.keeper.step()
    assert sally.knows(SALLY)


def test_what_was_undone_is_not_told__ENT_10(engine: Engine, sally: Remembering) -> None:
    with engine.connect() as connection:
        connection.execute(delete(access))
        connection.rollback()
    sally.keeper.step()
    assert sally.knows(SALLY)


def test_where_nobody_tells_nothing_is_remembered__ENT_10(engine: Engine, sally: Remembering) -> None:
    sally.keeper.close()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE suspension DISABLE TRIGGER tells_checks"))
    sally.fill()
    assert sally.memory.true_as_of == NEVER
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE suspension ENABLE ALWAYS TRIGGER tells_checks"))
    sally.fill()
    assert sally.knows(SALLY)


def test_a_listener_that_is_cut_off_forgets_everything__ENT_10(engine: Engine, sally: Remembering) -> None:
    with engine.begin() as connection:
        ended = (
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE application_name = 'wardenry checks'"
        )
        assert connection.execute(text(ended + " AND datname = current_database()")).scalars().all() == [True]
    with pytest.raises(psycopg.OperationalError):
        sally.keeper.step()
    assert (sally.memory.true_as_of, sally.memory.users) == (NEVER, 0)
    sally.fill()
    assert sally.knows(SALLY)


# What all of it rests on


def test_word_of_a_commit_comes_with_the_next_round_trip__ENT_10(engine: Engine, sally: Remembering) -> None:
    """PostgreSQL's promise: whoever was told of their commit finds every listener told, too, by what it asks next."""
    each, writers = 150, 4
    committed: dict[str, float] = {}
    heard: dict[str, float] = {}

    def write(writer: int) -> None:
        for number in range(each):
            user_id = f"w{writer}-{number}"
            with engine.begin() as connection:
                names = dict.fromkeys(("first_name", "last_name", "first_search", "last_search", "email"), user_id)
                connection.execute(insert(person).values(user_id=user_id, **names, state="active"))
            committed[user_id] = moment()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    line = PostgresqlLine.to(engine.url)
    for thread in threads:
        thread.start()
    while len(heard) < each * writers:
        began = moment()
        line.round_trip()
        for word in line.words():
            heard.setdefault(word.removeprefix("u"), began)
        missing = [user_id for user_id, at in list(committed.items()) if at < began and user_id not in heard]
        assert missing == []
    for thread in threads:
        thread.join(60)
    line.close()


def test_nothing_is_remembered_where_it_is_not_wished__OPS_8(database: str, tmp_path: Path) -> None:
    sqlite = f"sqlite:///{tmp_path / 'entitlements.sqlite'}"
    for url, most, errands in ((database, 1000, 2), (database, 0, 0), (sqlite, 1000, 0)):
        service = build(settings(url, checks_remembered=most))
        assert len(service.beside) == errands
        service.engine.dispose()
