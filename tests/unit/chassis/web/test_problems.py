"""Every refusal is a problem document (`api.md`, Manner)."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from chassis.web.definition import Limits
from tests.unit.chassis.web.sample import Sample, person

BASE = "/api/sample/v1"


def problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.data
    assert response.content_type == "application/problem+json"
    document: dict[str, Any] = json.loads(response.data)
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:wardenry:problem:{code}"
    assert document["title"]
    assert document["detail"]
    assert document["correlation_id"] == response.headers["X-Correlation-ID"]
    return document


def test_unknown_path(sample: Sample) -> None:
    problem(sample.client.get("/api/sample/v1/nowhere"), 404, "not_found")
    problem(sample.client.get("/"), 404, "not_found")
    problem(sample.client.get("//api/sample/v1/who"), 404, "not_found")
    problem(sample.client.get(f"{BASE}/who/"), 404, "not_found")


def test_wrong_method_names_the_right_ones(sample: Sample) -> None:
    response = sample.client.delete(f"{BASE}/notes")
    problem(response, 405, "method_not_allowed")
    assert "POST" in response.headers["Allow"]


def test_malformed_json(sample: Sample) -> None:
    for body in (
        b"{",
        b"\xff",
        b'{"code": NaN}',
        b'{"code": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
    ):
        response = sample.client.post(f"{BASE}/guesses", data=body, content_type="application/json")
        problem(response, 400, "malformed")


def test_faults_have_pointers_and_codes(sample: Sample) -> None:
    body = {"text": "", "labels": [{"name": "a"}, {"name": "b" * 21, "weight": "5", "a/b~c": 1}], "pinned": 1, "x": 1}
    response = sample.client.post(f"{BASE}/notes", json=body, headers=sample.headers(person()))
    errors = problem(response, 422, "invalid")["errors"]
    assert {(fault["pointer"], fault["code"]) for fault in errors} == {
        ("/text", "wrong_length"),
        ("/labels/1/name", "wrong_length"),
        ("/labels/1/weight", "invalid"),
        ("/labels/1/a~1b~0c", "unknown_field"),
        ("/pinned", "invalid"),
        ("/x", "unknown_field"),
    }


def test_a_validator_gives_its_own_code__REG_2(sample: Sample) -> None:
    response = sample.client.post(f"{BASE}/tins", json={"tins": [{"tin": "123456789"}, {"tin": "12"}]})
    assert problem(response, 422, "invalid")["errors"] == [
        {"pointer": "/tins/1/tin", "code": "tin_invalid", "detail": "A TIN has nine digits."}
    ]


def test_missing_body_names_what_is_required(sample: Sample) -> None:
    for response in (sample.client.post(f"{BASE}/guesses"), sample.client.post(f"{BASE}/guesses", json={})):
        assert problem(response, 422, "invalid")["errors"][0]["code"] == "required"


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "5"])
def test_a_body_of_another_type_is_invalid(sample: Sample, body: str) -> None:
    response = sample.client.post(f"{BASE}/guesses", data=body, content_type="application/json")
    assert problem(response, 422, "invalid")["errors"][0]["pointer"] == ""


def test_a_fault_of_a_use_case_is_shown_and_its_work_undone(sample: Sample) -> None:
    response = sample.client.post(f"{BASE}/odd/faulty", headers=sample.headers(person()))
    assert problem(response, 422, "invalid")["errors"] == [
        {"pointer": "/tins/1/tin", "code": "tin_duplicate", "detail": "Twice the same TIN."}
    ]
    assert sample.count() == 0


def test_wrong_content_type(sample: Sample) -> None:
    response = sample.client.post(f"{BASE}/guesses", data="code=1", content_type="application/x-www-form-urlencoded")
    problem(response, 415, "unsupported_media_type")
    response = sample.client.post(f"{BASE}/guesses", json={"code": "x"}, headers={"Content-Encoding": "gzip"})
    problem(response, 415, "unsupported_media_type")
    response = sample.client.post(f"{BASE}/odd/uploads", json={}, headers=sample.headers(person()))
    problem(response, 415, "unsupported_media_type")


def test_text_that_no_database_takes_is_invalid(sample: Sample) -> None:
    response = sample.client.post(f"{BASE}/guesses", json={"code": "a\0b"})
    assert problem(response, 422, "invalid")["errors"][0]["pointer"] == "/code"
    response = sample.client.get(f"{BASE}/notes?owner=%00", headers=sample.headers(person()))
    assert problem(response, 422, "invalid")["errors"][0]["code"] == "character_not_allowed"


def test_what_nests_too_deep_is_malformed__OPS_8(sample: Sample) -> None:
    def nested(depth: int) -> str:
        return '{"code": ' + "[" * depth + '"x"' + "]" * depth + "}"

    for depth, status, code in ((31, 422, "invalid"), (32, 400, "malformed"), (900, 400, "malformed")):
        response = sample.client.post(f"{BASE}/guesses", data=nested(depth), content_type="application/json")
        problem(response, status, code)


def test_a_nul_in_a_path_or_header_goes_nowhere(sample: Sample) -> None:
    problem(sample.client.delete(f"{BASE}/odd/things/%00"), 404, "not_found")
    problem(sample.client.get(f"{BASE}/odd/named/a%00b"), 404, "not_found")
    response = sample.client.get(f"{BASE}/who", environ_overrides={"HTTP_USER_AGENT": "a\0b"})
    problem(response, 400, "malformed")


def test_numbers_have_limits__OPS_8(sample: Sample) -> None:
    for text in ("2147483648", "-2147483648", "9" * 30, "1e3", "1.0", "true", '"5"'):
        response = sample.client.post(f"{BASE}/numbers", data=f'{{"n": {text}}}', content_type="application/json")
        assert problem(response, 422, "invalid")["errors"][0]["pointer"] == "/n"
    assert sample.client.post(f"{BASE}/numbers", json={"n": 2147483647}).status_code == 204


def test_options_say_what_is_allowed(sample: Sample) -> None:
    response = sample.client.options(f"{BASE}/notes")
    assert (response.status_code, response.data) == (200, b"")
    assert "GET" in response.headers["Allow"]
    assert "Content-Type" not in response.headers


def test_too_large__OPS_8(sample: Sample) -> None:
    text = json.dumps({"code": "x" * (1024 * 1024)})
    problem(sample.client.post(f"{BASE}/guesses", data=text, content_type="application/json"), 413, "too_large")


def test_too_large_without_a_length__OPS_8(sample: Sample) -> None:
    environment = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": None}
    response = sample.client.post(
        f"{BASE}/guesses",
        input_stream=io.BytesIO(b'{"code": "' + b"x" * (1024 * 1024) + b'"}'),
        content_type="application/json",
        environ_overrides=environment,
    )
    problem(response, 413, "too_large")


def test_a_route_may_take_more__OPS_8(engine: Engine) -> None:
    sample = Sample(engine, limits=Limits(body=1000))
    headers = sample.headers(person())
    for size, status in ((200_000, 201), (400_000, 413)):
        file = (io.BytesIO(b"x" * size), "a.csv")
        response = sample.client.post(f"{BASE}/odd/uploads", data={"file": file}, headers=headers)
        assert response.status_code == status, response.data


def test_an_unexpected_error_tells_nothing__IDN_16(sample: Sample, caplog: pytest.LogCaptureFixture) -> None:
    response = sample.client.get(f"{BASE}/odd/boom")
    problem(response, 500, "internal_error")
    assert b"hunter2" not in response.data
    assert b"Traceback" not in response.data
    assert sample.count() == 0
    assert [record for record in caplog.records if record.message == "request_failed" and record.exc_info]


def test_a_part_that_is_down(sample: Sample) -> None:
    response = sample.client.get(f"{BASE}/odd/down")
    problem(response, 503, "unavailable")
    assert response.headers["Retry-After"] == "9"


def test_a_database_that_is_down__OPS_8(sample: Sample) -> None:
    response = sample.client.get(f"{BASE}/odd/missing-table")
    problem(response, 503, "unavailable")
    assert response.headers["Retry-After"] == "5"


def test_unknown_query_parameters_are_refused(sample: Sample) -> None:
    headers = sample.headers(person())
    response = sample.client.get(f"{BASE}/notes?colour=red", headers=headers)
    fault = problem(response, 422, "invalid")["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("/colour", "unknown_field")
    response = sample.client.get(f"{BASE}/who?colour=red")
    fault = problem(response, 422, "invalid")["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("/colour", "unknown_field")
