"""What every refusal looks like from outside, whichever service it comes from (`api.md`, Manner)."""

from __future__ import annotations

from typing import Any, Final

import httpx

PROBLEM_JSON: Final = "application/problem+json"
_MEMBERS: Final = ("type", "title", "detail", "code")
_LEAKS: Final = ("Traceback", "<html", "<!doctype", 'File "', "sqlalchemy", "werkzeug", "marshmallow")


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that must be this refusal."""
    assert answer.status_code == status, answer.text
    problem = problem_of(answer)
    assert problem["code"] == code, problem
    return problem


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The problem document of an answer that must be some refusal, with everything that each of them has."""
    assert answer.headers["Content-Type"] == PROBLEM_JSON, answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code
    assert all(isinstance(problem[member], str) and problem[member] for member in _MEMBERS), problem
    if "Idempotency-Replayed" not in answer.headers:  # a repeat says what was said, word for word
        assert problem["correlation_id"] == answer.headers["X-Correlation-ID"]
    assert not [leak for leak in _LEAKS if leak.lower() in answer.text.lower()], answer.text
    if answer.status_code in (429, 503):
        assert int(answer.headers["Retry-After"]) >= 1
    if answer.status_code == 422 and "errors" in problem:
        assert all(set(fault) == {"pointer", "code", "detail"} for fault in problem["errors"]), problem
        assert all(fault["pointer"].startswith("/") or not fault["pointer"] for fault in problem["errors"])
    return problem


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    """Where a form is wrong, and how: pointers with their codes."""
    problem = refused(answer, 422, "invalid")
    return [(fault["pointer"], fault["code"]) for fault in problem["errors"]]
