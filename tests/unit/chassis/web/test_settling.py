"""Whatever a call has committed has settled before it is answered, where the service says that this takes time."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.unit.chassis.web.sample import Sample, person

BASE = "/api/sample/v1"


class Settling:
    """Notes how much is committed whenever it is asked to wait."""

    def __init__(self) -> None:
        self.sample: Sample | None = None
        self.committed: list[int] = []

    def __call__(self) -> None:
        assert self.sample is not None
        self.committed.append(self.sample.count())


@pytest.fixture
def settling() -> Settling:
    return Settling()


@pytest.fixture
def sample(engine: Engine, settling: Settling) -> Sample:
    settling.sample = Sample(engine, settle=settling)
    return settling.sample


def test_it_waits_after_the_commit_and_as_long_for_a_repeat__ENT_10(sample: Sample, settling: Settling) -> None:
    headers = sample.headers(person(), Idempotency_Key="k-1")
    for _ in range(2):
        assert sample.client.post(f"{BASE}/notes", json={"text": "a"}, headers=headers).status_code == 201
    assert settling.committed == [1, 1]


def test_it_waits_where_somebody_found_it_done_before__ENT_10(sample: Sample, settling: Settling) -> None:
    headers = sample.headers(person())
    note = sample.client.post(f"{BASE}/notes", json={"text": "a"}, headers=headers).get_json()["id"]
    for status in (204, 404):
        assert sample.client.delete(f"{BASE}/notes/{note}", headers=headers).status_code == status
    assert settling.committed == [1, 0, 0]


def test_a_refusal_that_keeps_its_work_waits__ENT_10(sample: Sample, settling: Settling) -> None:
    assert sample.client.post(f"{BASE}/guesses", json={"code": "wrong"}).status_code >= 400
    assert len(settling.committed) == 1


def test_what_only_reads_does_not_wait__ENT_10(sample: Sample, settling: Settling) -> None:
    headers = sample.headers(person())
    assert sample.client.get(f"{BASE}/notes", headers=headers).status_code == 200
    assert sample.client.post(f"{BASE}/notes", json={}, headers=headers).status_code == 422
    assert sample.client.get("/livez").status_code == 200
    assert settling.committed == []
