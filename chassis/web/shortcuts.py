"""Shortcuts: plain calls of a view that is asked very often are answered ahead of the framework, as the view would.

Whatever is not plain goes on to the framework untouched, and what a shortcut raises the framework tells: there is one
place that refuses, and one that describes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any, Final, Protocol

import structlog

from chassis.kernel.errors import NotSignedInError
from chassis.security.callers import Bearer
from chassis.telemetry.telemetry import Telemetry
from chassis.telemetry.tracing import Kind, Scope
from chassis.web import correlation
from chassis.web.exchange import bearer_in
from chassis.web.headers import ALWAYS


class Shortcut(Protocol):
    """A view's quicker twin, for those with an access token. It only reads."""

    def read(self, body: bytes) -> Any | None:
        """What a body asks; None where it needs the view's look. Never raises."""

    def answer(self, bearer: Bearer, asked: Any) -> bytes:
        """The JSON of the view's answer with status 200; what it raises the framework tells."""


Environ = dict[str, Any]
StartResponse = Callable[..., Any]

RAISED: Final = "wardenry.raised_in_shortcut"
"""Where the framework finds what a shortcut raised."""

_METHOD: Final = "POST"
_JSON: Final = frozenset({"application/json", "application/json; charset=utf-8"})
_OK: Final = 200
_NEEDS_THE_FRAMEWORK: Final = ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING", "HTTP_IDEMPOTENCY_KEY")
_HEADERS: Final = [("Content-Type", "application/json"), *ALWAYS.items()]

_log = structlog.get_logger("wardenry.requests")


class Shortcuts:
    """The shortcuts of one application, by path.

    A plain call is a POST of JSON in one piece, of at most `largest` bytes, without a query, a repeat's key, or
    anything in its headers that none may have.
    """

    def __init__(
        self,
        service: str,
        ways: Mapping[str, Shortcut],
        verify: Callable[[str], Bearer],
        telemetry: Telemetry,
        largest: int,
    ) -> None:
        self._service = service
        self._ways = ways
        self._verify = verify
        self._telemetry = telemetry
        self._largest = largest

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
        """The answer to a plain call, None for one that is to go on to the framework."""
        route: str = environ["PATH_INFO"]
        way = self._ways.get(route)
        if way is None or not self._is_plain(environ):
            return None
        begun = time.perf_counter()
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        asked = way.read(body)
        if asked is None:
            return None
        try:
            bearer = self._verified(environ)
            with self._span(route, environ) as scope:
                answer = way.answer(bearer, asked)
                scope.tell({"http.response.status_code": _OK})
                return [self._told(route, environ, start_response, answer, begun)]
        except Exception as error:  # noqa: BLE001 (whatever it is, the framework tells it)
            environ[RAISED] = error
            return None

    def _is_plain(self, environ: Environ) -> bool:
        length = environ.get("CONTENT_LENGTH", "")
        return (
            environ["REQUEST_METHOD"] == _METHOD
            and not environ.get("QUERY_STRING")
            and environ.get("CONTENT_TYPE") in _JSON
            and length.isascii()
            and length.isdecimal()
            and 0 < int(length) <= self._largest
            and not any(name in environ for name in _NEEDS_THE_FRAMEWORK)
            and not any(name.startswith("HTTP_") and "\0" in value for name, value in environ.items())
        )

    def _verified(self, environ: Environ) -> Bearer:
        token = bearer_in(environ.get("HTTP_AUTHORIZATION", ""))
        if token is None:
            raise NotSignedInError
        return self._verify(token)

    def _span(self, route: str, environ: Environ) -> Scope:
        return self._telemetry.tracer.span(
            f"{_METHOD} {route}",
            Kind.SERVER,
            parent=environ.get("HTTP_TRACEPARENT"),
            attributes={"http.request.method": _METHOD, "http.route": route},
        )

    def _told(self, route: str, environ: Environ, start_response: StartResponse, answer: bytes, begun: float) -> bytes:
        """Count the answer, write its line, and begin it."""
        correlation_id = correlation.accepted(environ.get(correlation.VARIABLE, ""))
        took = time.perf_counter() - begun
        self._telemetry.meters.http.answered(_METHOD, route, _OK, took)
        _log.info(
            "request",
            method=_METHOD,
            route=route,
            status=_OK,
            milliseconds=round(took * 1000, 1),
            correlation_id=correlation_id,
            service=self._service,
        )
        own = [("Content-Length", str(len(answer))), (correlation.HEADER, correlation_id)]
        start_response("200 OK", [*_HEADERS, *own])
        return answer
