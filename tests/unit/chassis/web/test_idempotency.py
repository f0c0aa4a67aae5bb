"""The same key gives the same answer and one effect (`api.md`, Manner; REG-9)."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from chassis.db.tables import idempotency, outbox
from chassis.web.idempotency import forget_answers
from tests.unit.chassis.web.sample import GUESSES, NOTES, Sample, person

BASE = "/api/sample/v1"


def add(sample: Sample, text: str = "a", *, key: str | None = "k-1", who: str = "mmartin5") -> TestResponse:
    headers = sample.headers(person(who)) | ({} if key is None else {"Idempotency-Key": key})
    return sample.client.post(f"{BASE}/notes", json={"text": text}, headers=headers)


def void(_: object) -> None:
    """Drop an outcome."""


def shown(response: TestResponse) -> tuple[Any, ...]:
    names = ("Location", "ETag", "Content-Type", "Retry-After")
    return (response.status_code, response.data, *(response.headers.get(name) for name in names))


def test_the_same_call_twice_has_one_effect__REG_9(sample: Sample) -> None:
    first, second = add(sample), add(sample)
    assert shown(first) == shown(second)
    assert first.status_code == 201
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (sample.count(), sample.count(outbox)) == (1, 1)


def test_without_a_key_each_call_counts(sample: Sample) -> None:
    assert add(sample, key=None).status_code == 201
    assert add(sample, key=None).status_code == 409


def test_another_body_is_refused(sample: Sample) -> None:
    add(sample, "a")
    response = add(sample, "b")
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["code"] == "idempotency_key_reused"
    assert sample.count() == 1


def test_another_query_is_another_body(sample: Sample) -> None:
    first = sample.client.delete(f"{BASE}/odd/things?which=1", headers={"Idempotency-Key": "k"})
    second = sample.client.delete(f"{BASE}/odd/things?which=2", headers={"Idempotency-Key": "k"})
    assert (first.status_code, second.status_code) == (204, 422)
    assert second.json is not None
    assert second.json["code"] == "idempotency_key_reused"


def test_another_callers_same_key_is_another_key(sample: Sample) -> None:
    assert add(sample, "a", who="mmartin5").status_code == 201
    assert add(sample, "b", who="geogym1").status_code == 201


def test_another_path_is_another_key(sample: Sample) -> None:
    add(sample)
    headers = sample.headers(person(), Idempotency_Key="k-1")
    assert sample.client.post(f"{BASE}/secrets", headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 256, "a\tb"])
def test_an_ill_formed_key_is_refused(sample: Sample, key: str) -> None:
    response = add(sample, key=key)
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["code"] == "idempotency_key_invalid"


def test_two_at_the_same_time_have_one_effect__REG_9(sample: Sample) -> None:
    together = threading.Barrier(2, timeout=60)
    sample.ports.before_writing = lambda: void(together.wait())  # both have found nothing before either writes
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: add(sample), range(2)))
    assert shown(answers[0]) == shown(answers[1])
    assert answers[0].status_code == 201
    assert (sample.count(), sample.count(outbox)) == (1, 1)


def test_a_refusal_that_comes_of_the_same_calls_success_gives_way_to_it__REG_9(sample: Sample) -> None:
    """The second call has begun before the first commits, and reads after it: it must not see `text_taken`."""
    begun, done = threading.Event(), threading.Event()

    def hold() -> None:
        sample.ports.before_writing = lambda: None
        begun.set()
        assert done.wait(60)

    sample.ports.before_writing = hold
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(add, sample)
        assert begun.wait(60)
        quick = add(sample)
        done.set()
    assert shown(slow.result()) == shown(quick)
    assert quick.status_code == 201


def test_killed_between_effect_and_answer_it_is_as_if_never_called__REG_9(sample: Sample) -> None:
    def die() -> None:
        raise SystemExit("killed")

    sample.ports.after_writing = die
    with pytest.raises(SystemExit):
        add(sample)
    assert (sample.count(), sample.count(idempotency), sample.count(outbox)) == (0, 0, 0)
    sample.ports.after_writing = lambda: None
    assert add(sample).status_code == 201
    assert sample.count() == 1


def test_a_failure_of_ours_is_not_remembered(sample: Sample) -> None:
    def fail() -> None:
        raise RuntimeError("no")

    sample.ports.after_writing = fail
    assert add(sample).status_code == 500
    sample.ports.after_writing = lambda: None
    assert add(sample).status_code == 201


def test_a_refusal_is_remembered(sample: Sample) -> None:
    add(sample, key="k-0")
    first = add(sample)
    assert first.status_code == 409
    with sample.engine.begin() as connection:
        connection.execute(NOTES.delete())
    assert shown(add(sample)) == shown(first)


def test_a_refusal_by_a_schema_is_remembered(sample: Sample) -> None:
    first, second = add(sample, ""), add(sample, "")
    assert first.status_code == 422
    assert shown(first) == shown(second)


def test_a_counted_failure_counts_once(sample: Sample) -> None:
    for code, status in (("wrong", 422), ("wrong", 422)):
        answer = sample.client.post(f"{BASE}/guesses", json={"code": code}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == status
    assert sample.count(GUESSES) == 1


def test_too_many_is_kept_but_not_remembered(sample: Sample) -> None:
    for _ in range(2):
        answer = sample.client.post(f"{BASE}/guesses", json={"code": "too-many"}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "7"
    assert sample.count(GUESSES) == 2
    assert sample.count(idempotency) == 0


def test_not_signed_in_is_not_remembered(sample: Sample) -> None:
    refused = sample.client.post(f"{BASE}/notes", json={"text": "a"}, headers={"Idempotency-Key": "k-1"})
    assert refused.status_code == 401
    assert add(sample).status_code == 201


def test_a_key_lasts_a_day(sample: Sample) -> None:
    first = add(sample)
    sample.clock.advance(hours=23, minutes=59)
    assert shown(add(sample)) == shown(first)
    sample.clock.advance(minutes=2)
    assert add(sample).status_code == 409  # tried anew: the note is there
    assert add(sample, "another", key="k-1").status_code == 422


def test_a_call_that_writes_nothing_is_remembered_too(sample: Sample) -> None:
    body, headers = {"tins": [{"tin": "123456789"}]}, {"Idempotency-Key": "k"}
    answers = [sample.client.post(f"{BASE}/tins", json=body, headers=headers) for _ in range(2)]
    assert [(answer.status_code, answer.data) for answer in answers] == [(204, b"")] * 2
    assert answers[1].headers["Idempotency-Replayed"] == "true"


def test_a_secret_is_shown_again_for_five_minutes_then_never(sample: Sample) -> None:
    def ask() -> TestResponse:
        return sample.client.post(f"{BASE}/secrets", headers=sample.headers(person(), Idempotency_Key="k"))

    first = ask()
    assert first.status_code == 201
    sample.clock.advance(minutes=4, seconds=59)
    assert shown(ask()) == shown(first)
    sample.clock.advance(seconds=1)
    late = ask()
    assert late.status_code == 409
    assert late.json is not None
    assert late.json["code"] == "already_shown"
    assert sample.count() == 1
    with sample.engine.connect() as connection:
        assert connection.execute(select(idempotency.c.answer)).scalar_one() is None


def test_what_is_kept_shows_neither_body_nor_answer_nor_key__IDN_16(sample: Sample) -> None:
    sample.client.post(f"{BASE}/secrets", headers=sample.headers(person(), Idempotency_Key="key-in-clear"))
    with sample.engine.connect() as connection:
        row = connection.execute(select(idempotency)).one()
    kept = "".join(str(part) for part in row)
    for clear in ("s3cr3t", "key-in-clear", "mmartin5"):
        assert clear not in kept


def test_a_kept_answer_moved_to_another_key_is_not_given__IDN_16(sample: Sample) -> None:
    sample.client.post(f"{BASE}/secrets", headers=sample.headers(person("mmartin5"), Idempotency_Key="k"))
    sample.client.post(f"{BASE}/secrets", headers=sample.headers(person("geogym1"), Idempotency_Key="k"))
    with sample.engine.begin() as connection:
        one, other = connection.execute(select(idempotency)).all()
        connection.execute(
            update(idempotency).where(idempotency.c.scope == one.scope).values(answer=other.answer, body=one.body)
        )
    answers = [
        sample.client.post(f"{BASE}/secrets", headers=sample.headers(person(who), Idempotency_Key="k")).status_code
        for who in ("mmartin5", "geogym1")
    ]
    assert sorted(answers) == [201, 500]


def test_an_upload_may_be_repeated_with_another_boundary(sample: Sample) -> None:
    def upload(content: bytes) -> TestResponse:
        headers = sample.headers(person(), Idempotency_Key="k")
        return sample.client.post(f"{BASE}/odd/uploads", data={"file": (io.BytesIO(content), "a")}, headers=headers)

    first = upload(b"abc")
    assert first.json == {"secret": "3"}
    assert shown(upload(b"abc")) == shown(first)
    assert upload(b"abd").status_code == 422


def test_a_protocol_of_its_own_has_no_keys(sample: Sample) -> None:
    for _ in range(2):
        assert sample.client.post("/oidc/token", headers={"Idempotency-Key": "k"}).status_code == 200
    assert (sample.count(), sample.count(idempotency)) == (2, 0)


def test_the_job_forgets_what_is_over(sample: Sample) -> None:
    sample.client.post(f"{BASE}/secrets", headers=sample.headers(person(), Idempotency_Key="k"))
    now = sample.clock.now()
    with sample.engine.begin() as connection:
        sample.clock.advance(minutes=6)
        assert forget_answers(connection, sample.clock.now(), now.replace(year=2000)) == 0
        assert connection.execute(select(idempotency.c.answer)).scalar_one() is None
        assert forget_answers(connection, sample.clock.now(), sample.clock.now()) == 1


def test_the_operation_is_named_by_the_key__REG_9(sample: Sample) -> None:
    """So a call that was killed after it reserved something elsewhere finds it again."""
    first = add(sample)
    with sample.engine.begin() as connection:
        connection.execute(NOTES.delete())
        connection.execute(idempotency.delete())
    assert add(sample).json == first.json
    assert first.json is not None
    assert first.json["id"][14] == "8"
    assert add(sample, "b", key="k-2").json != first.json


def test_two_that_make_the_same_with_different_keys_conflict(sample: Sample) -> None:
    def first_come() -> None:
        sample.ports.before_writing = lambda: None
        with sample.engine.begin() as connection:
            connection.execute(insert(NOTES).values(id="x", owner="x", text="a", version=1))

    sample.ports.before_writing = first_come
    response = add(sample)
    assert response.status_code == 409
    assert sample.count() == 1
