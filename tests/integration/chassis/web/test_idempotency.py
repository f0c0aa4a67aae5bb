"""One effect of calls at the same time, where the database itself has to make them wait (`api.md`, Manner; REG-9)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from chassis.db.engine import make_engine
from chassis.db.tables import idempotency, outbox
from tests.unit.chassis.web.sample import GUESSES, Sample, person

BASE = "/api/sample/v1"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = make_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def sample(engine: Engine) -> Sample:
    return Sample(engine, address_limits=True, trust_gateway=True)


def add(sample: Sample, text: str, key: str) -> TestResponse:
    headers = sample.headers(person(), Idempotency_Key=key)
    return sample.app.test_client().post(f"{BASE}/notes", json={"text": text}, headers=headers)


def test_many_at_the_same_time_have_one_effect__REG_9(sample: Sample) -> None:
    together = threading.Barrier(8, timeout=60)

    def gather() -> None:
        together.wait()

    sample.ports.before_writing = gather
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: add(sample, "a", "k"), range(8)))
    assert {(answer.status_code, answer.data) for answer in answers} == {(201, answers[0].data)}
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert (sample.count(), sample.count(outbox), sample.count(idempotency)) == (1, 1, 1)


def test_another_body_at_the_same_time_is_refused(sample: Sample) -> None:
    together = threading.Barrier(2, timeout=60)

    def gather() -> None:
        together.wait()

    sample.ports.before_writing = gather
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda text: add(sample, text, "k"), "ab"))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert sample.count() == 1


def test_who_waits_goes_on_if_the_first_is_undone__REG_9(sample: Sample) -> None:
    """The first dies while it holds the key; the second, which waits for it, has the effect."""
    holds, dies = threading.Event(), threading.Event()

    def die() -> None:
        sample.ports.after_writing = lambda: None
        holds.set()
        assert dies.wait(60)
        raise RuntimeError("killed")

    sample.ports.after_writing = die
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(add, sample, "a", "k")
        assert holds.wait(60)
        second = pool.submit(add, sample, "a", "k")
        dies.set()
    assert (first.result().status_code, second.result().status_code) == (500, 201)
    assert (sample.count(), sample.count(outbox)) == (1, 1)


def test_the_same_thing_under_different_keys_conflicts(sample: Sample) -> None:
    together = threading.Barrier(2, timeout=60)

    def gather() -> None:
        together.wait()

    sample.ports.before_writing = gather
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda key: add(sample, "a", key), ("k-1", "k-2")))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert sample.count() == 1


def test_counted_failures_are_kept_and_counted_once(sample: Sample) -> None:
    def guess(_: int) -> int:
        headers = {"Idempotency-Key": "k"}
        return sample.app.test_client().post(f"{BASE}/guesses", json={"code": "wrong"}, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(guess, range(4))) == {422}
    assert sample.count(GUESSES) == 1


def test_an_expired_key_is_taken_anew(sample: Sample) -> None:
    def guess(code: str) -> int:
        headers = {"Idempotency-Key": "k"}
        return sample.client.post(f"{BASE}/guesses", json={"code": code}, headers=headers).status_code

    assert guess("right") == 204
    sample.clock.advance(hours=25)
    assert guess("wrong") == 422
    assert sample.count(GUESSES) == 2
    with sample.engine.connect() as connection:
        assert connection.execute(select(idempotency.c.at)).scalar_one() == sample.clock.now()


def test_address_limits_hold_over_many_processes__IDN_9(sample: Sample) -> None:
    def call(_: int) -> int:
        headers = {"X-Wardenry-Address": "203.0.113.9"}
        return sample.app.test_client().get(f"{BASE}/odd/limited", headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        assert Counter(pool.map(call, range(12))) == {204: 2, 429: 10}
