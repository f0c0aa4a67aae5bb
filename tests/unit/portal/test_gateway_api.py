"""Calling the API over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.portal.adapters.gateway_api import GatewayApi, Origins
from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Calling

ORIGINS = Origins({"medical": "http://medical.test", "behavioral": "http://behavioral.test"}, "medical")
CALLING = Calling("medical", "correlation-1", "203.0.113.9", "the-token", "es")
Answers = Callable[[httpx.Request], httpx.Response]


def api(answers: Answers, calling: Calling = CALLING) -> tuple[GatewayApi, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def noted(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answers(request)

    return GatewayApi(httpx.Client(transport=httpx.MockTransport(noted)), ORIGINS, calling), seen


def problem(status: int, **members: Any) -> httpx.Response:
    headers = {"Content-Type": "application/problem+json", "Retry-After": "7"}
    return httpx.Response(status, json={"status": status, **members}, headers=headers)


def ok(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"fine": True})


def broken(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow")


def test_a_call_says_who_and_where_and_ties_the_logs_together() -> None:
    calls, seen = api(ok)
    assert calls.get("/api/x", {"a": "1", "b": None}).body == {"fine": True}
    (request,) = seen
    assert str(request.url) == "http://medical.test/api/x?a=1"
    assert request.headers["Authorization"] == "Bearer the-token"
    assert request.headers["X-Correlation-ID"] == "correlation-1"
    assert request.headers["X-Forwarded-For"] == "203.0.113.9"


def test_a_form_sent_twice_is_one_call__REG_9() -> None:
    calls, seen = api(ok)
    calls.send("POST", "/api/x", {"a": 1}, form_key="form-1")
    calls.send("POST", "/api/x", {"a": 1}, form_key="form-1")
    calls.send("POST", "/api/x", {"a": 2}, form_key="form-1")
    calls.send("POST", "/api/y", {"a": 1}, form_key="form-1")
    calls.send("POST", "/api/x", {"a": 1})
    calls.send("POST", "/api/x", {"a": 1})
    keys = [request.headers["Idempotency-Key"] for request in seen]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 5


def test_a_call_whose_answer_was_lost_is_repeated_under_the_same_key() -> None:
    seen: list[httpx.Request] = []
    calls, seen = api(lambda request: broken(request) if len(seen) == 1 else ok(request))
    assert calls.send("POST", "/api/x", {"a": 1}).body == {"fine": True}
    assert len({request.headers["Idempotency-Key"] for request in seen}) == 1


def test_a_gateway_that_does_not_answer_is_a_clear_refusal__OPS_8() -> None:
    calls, seen = api(broken)
    with pytest.raises(ProblemError) as refused:
        calls.get("/api/x")
    assert (refused.value.status, refused.value.code, len(seen)) == (503, "unavailable", 2)
    with pytest.raises(ProblemError):
        calls.download("/api/x")


def test_a_problem_document_is_read_whole() -> None:
    errors = [{"pointer": "/user_id", "code": "user_id_taken", "detail": "Taken."}]
    document = problem(409, code="user_id_taken", detail="Taken.", errors=errors, suggestions=["a", "b"])
    calls, _ = api(lambda _: document)
    with pytest.raises(ProblemError) as refused:
        calls.send("POST", "/api/x", {})
    assert refused.value.errors == (FieldFault("/user_id", "user_id_taken", "Taken."),)
    assert refused.value.members == {"suggestions": ["a", "b"]}
    assert refused.value.retry_after == 7


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(500, content=b"", headers={"Content-Type": "application/problem+json"}),
        httpx.Response(302, headers={"Location": "http://evil.test"}),
    ],
)
def test_what_is_no_problem_document_is_an_outage(answer: httpx.Response) -> None:
    calls, _ = api(lambda _: answer)
    with pytest.raises(ProblemError) as refused:
        calls.get("/api/x")
    assert refused.value.status == 503


def test_a_file_comes_in_pieces_under_a_plain_name() -> None:
    headers = {"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="../../etc/passwd\\r\\n"'}
    calls, _ = api(lambda _: httpx.Response(200, content=b"a,b", headers=headers))
    file = calls.download("/api/x.csv")
    assert b"".join(file.chunks) == b"a,b"
    assert file.filename == "download"
