"""What every answer has, what every list has, and conditions on changes."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from chassis.db.tables import outbox
from tests.unit.chassis.web.sample import Sample, person

BASE = "/api/sample/v1"


def body(response: TestResponse) -> Any:
    assert response.json is not None, response.data
    return response.json


def test_a_correlation_id_is_accepted_or_made__OPS_5(sample: Sample) -> None:
    response = sample.client.get(f"{BASE}/who", headers={"X-Correlation-ID": "a.B_c-1"})
    assert response.headers["X-Correlation-ID"] == "a.B_c-1"
    for brought in ("", "a b", "x" * 65, "<script>", "ü"):
        response = sample.client.get(f"{BASE}/who", headers={"X-Correlation-ID": brought})
        assert re.fullmatch(r"[0-9a-f-]{36}", response.headers["X-Correlation-ID"])


def test_the_correlation_id_goes_into_events(sample: Sample) -> None:
    headers = sample.headers(person(), X_Correlation_ID="c-7", traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    sample.client.post(f"{BASE}/notes", json={"text": "a"}, headers=headers)
    with sample.engine.connect() as connection:
        row = connection.execute(select(outbox)).one()
    assert (row.correlation_id, row.actor, row.actor_site) == ("c-7", "user:mmartin5", "behavioral")
    assert row.traceparent.startswith("00-1111")


def test_a_request_is_logged_by_its_route_alone__IDN_16(sample: Sample) -> None:
    note = "0199aaaa-0000-7000-8000-000000000000"
    with capture_logs() as lines:
        sample.client.get(f"{BASE}/notes/{note}", headers=sample.headers(person(), X_Correlation_ID="c-1"))
    assert lines[-1]["route"] == f"{BASE}/notes/<uuid:note_id>"
    assert lines[-1]["status"] == 404
    assert note not in str(lines)


def test_every_answer_has_the_security_headers(sample: Sample) -> None:
    for path in (f"{BASE}/who", "/nowhere", f"{BASE}/odd/boom", f"{BASE}/openapi.json", f"{BASE}/docs", "/livez"):
        headers = sample.client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


def test_a_204_is_empty(sample: Sample) -> None:
    made = sample.client.post(f"{BASE}/notes", json={"text": "a"}, headers=sample.headers(person()))
    response = sample.client.delete(made.headers["Location"], headers=sample.headers(person()))
    assert (response.status_code, response.data) == (204, b"")
    assert "Content-Type" not in response.headers


def test_moments_are_in_utc(sample: Sample) -> None:
    assert sample.client.get(f"{BASE}/odd/moment").json == {"at": "2026-03-02T09:30:00Z"}


def test_a_list_goes_on_from_its_cursor(sample: Sample) -> None:
    headers = sample.headers(person())
    for text in "abcde":
        sample.client.post(f"{BASE}/notes", json={"text": text}, headers=headers)
    seen: list[list[str]] = []
    following: str | None = ""
    while following is not None:
        answer = body(sample.client.get(f"{BASE}/notes?limit=2{following}", headers=headers))
        seen.append([item["text"] for item in answer["items"]])
        following = answer["next"] and f"&cursor={quote(answer['next'])}"
    assert seen == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.parametrize("limit", ["0", "201", "x", "1.5", ""])
def test_a_limit_has_its_limits(sample: Sample, limit: str) -> None:
    response = sample.client.get(f"{BASE}/notes?limit={limit}", headers=sample.headers(person()))
    assert response.status_code == 422
    assert body(response)["errors"][0]["pointer"] == "/limit"


def test_a_cursor_must_be_one_of_this_list(sample: Sample) -> None:
    headers = sample.headers(person())
    for text in "ab":
        sample.client.post(f"{BASE}/notes", json={"text": text}, headers=headers)
    good = body(sample.client.get(f"{BASE}/notes?limit=1", headers=headers))["next"]
    for cursor in ("", "x", "%00", "WyJhIl0", good[:-1], good[:-2] + ("AA" if good[-2:] != "AA" else "BB"), good + "A"):
        response = sample.client.get(f"{BASE}/notes?cursor={quote(cursor)}", headers=headers)
        assert response.status_code == 422, cursor
        assert body(response)["errors"][0]["pointer"] == "/cursor"


def made_note(sample: Sample) -> tuple[str, str]:
    made = sample.client.post(f"{BASE}/notes", json={"text": "a"}, headers=sample.headers(person()))
    path = made.headers["Location"]
    return path, sample.client.get(path, headers=sample.headers(person())).headers["ETag"]


def test_a_change_needs_the_version_that_was_read__ENT_7(sample: Sample) -> None:
    path, etag = made_note(sample)

    def change(**headers: str) -> TestResponse:
        return sample.client.put(path, json={"text": "b"}, headers=sample.headers(person(), **headers))

    assert body(missing := change())["code"] == "precondition_required"
    assert missing.status_code == 428
    assert body(old := change(If_Match='"0"'))["code"] == "changed_meanwhile"
    assert old.status_code == 412
    assert change(If_Match=f"W/{etag}").status_code == 412
    assert change(If_Match="nonsense").status_code == 400
    changed = change(If_Match=f'"0", {etag}')
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"2"'
    assert change(If_Match=etag).status_code == 412
    assert change(If_Match="*").status_code == 200


def test_what_is_known_is_not_sent_again(sample: Sample) -> None:
    path, etag = made_note(sample)
    for brought in (etag, f"W/{etag}", f'"x", {etag}'):
        response = sample.client.get(path, headers=sample.headers(person(), If_None_Match=brought))
        assert (response.status_code, response.data) == (304, b"")


def test_health__OPS_5(engine: Engine) -> None:
    holds = {"database": True}

    def broken() -> bool:
        if not holds["database"]:
            raise OSError("refused")
        return True

    sample = Sample(engine, ready={"database": broken})
    assert sample.client.get("/livez").json == {"alive": True}
    assert body(sample.client.get("/readyz")) == {"ready": True, "draining": False, "checks": {"database": True}}
    holds["database"] = False
    response = sample.client.get("/readyz")
    assert (response.status_code, body(response)["checks"]) == (503, {"database": False})
    holds["database"] = True
    sample.definition.telemetry.drain.begin()
    assert sample.client.get("/readyz").status_code == 503
    assert sample.client.get("/livez").status_code == 200
