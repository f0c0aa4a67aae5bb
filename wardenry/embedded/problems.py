"""What is refused before any service is asked, in the same words and form as a service's own refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson

from chassis.web import correlation
from chassis.web.headers import ALWAYS
from chassis.web.problems import PROBLEM_JSON, document


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status with its stable code, words for a person, and headers of its own."""

    status: HTTPStatus
    code: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()


NOT_PLAIN: Final = Refusal(HTTPStatus.BAD_REQUEST, "malformed", "This path is not in its plain form.")
NOT_FOUND: Final = Refusal(HTTPStatus.NOT_FOUND, "not_found", "There is nothing here that you may see.")


_UNREADABLE: Final = ("malformed", "The request could not be read.")
_TOO_LARGE: Final = ("too_large", "The request's head is larger than may be sent here.")


def unreadable(status: int) -> bytes:
    """The whole answer, as bytes, to what never became a request."""
    code, detail = _TOO_LARGE if status in (413, 414, 431) else _UNREADABLE
    correlation_id = correlation.accepted("")
    body = orjson.dumps(document(status, code, detail, correlation_id))
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Content-Type: {PROBLEM_JSON}",
        f"Content-Length: {len(body)}",
        f"{correlation.HEADER}: {correlation_id}",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def refuse(environ: dict[str, Any], start_response: Callable[..., Any], refusal: Refusal) -> Iterable[bytes]:
    """Answer a request with a problem document."""
    status, correlation_id = refusal.status, correlation.accepted(environ.get("HTTP_X_CORRELATION_ID", ""))
    body = orjson.dumps(document(status.value, refusal.code, refusal.detail, correlation_id))
    headers = {
        **ALWAYS,
        "Content-Type": PROBLEM_JSON,
        "Content-Length": str(len(body)),
        correlation.HEADER: correlation_id,
    }
    start_response(f"{status.value} {status.phrase}", [*headers.items(), *refusal.headers])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def not_found(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI application that has nothing."""
    return refuse(environ, start_response, NOT_FOUND)
