"""Shortcuts: plain calls of a view that is asked very often are answered ahead of the framework, as the view would.

Whatever is not plain goes on to the framework untouched, and what a shortcut raises the framework tells: there is one
place that refuses, and one that describes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any, Final

import structlog

from chassis.telemetry.telemetry import Telemetry
from chassis.telemetry.tracing import Kind, Scope
from chassis.web import correlation
from chassis.web.headers import ALWAYS
from chassis.web.ways import Way

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

RAISED: Final = "wardenry.raised_in_shortcut"
"""Where the framework finds what a shortcut raised."""

_METHOD: Final = "POST"
_OK: Final = 200
_NEEDS_THE_FRAMEWORK: Final = ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING", "HTTP_IDEMPOTENCY_KEY")
_HEADERS: Final = [("Content-Type", "application/json"), *ALWAYS.items()]

_log = structlog.get_logger("wardenry.requests")


class Shortcuts:
    """The shortcuts of one application, by path.

    A plain call is a POST in one piece, of the type and at most of the size that its way takes, without a query, a
    repeat's key, or anything in its headers that none may have.
    """

    def __init__(self, service: str, ways: Mapping[str, Way], telemetry: Telemetry) -> None:
        self._service = service
        self._ways = ways
        self._telemetry = telemetry

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
        """The answer to a plain call, None for one that is to go on to the framework."""
        route: str = environ["PATH_INFO"]
        way = self._ways.get(route)
        if way is None or not _is_plain(environ, way):
            return None
        begun = time.perf_counter()
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        authorization: str = environ.get("HTTP_AUTHORIZATION", "")
        asked = way.read(authorization, body)
        if asked is None:
            return None
        try:
            with self._span(route, environ) as scope:
                answer = way.answer(authorization, asked)
                if answer is None:
                    return None
                scope.tell({"http.response.status_code": _OK})
                self._tell(route, environ, begun)
                return _begun(environ, start_response, way, answer)
        except Exception as error:  # noqa: BLE001 (whatever it is, the framework tells it)
            environ[RAISED] = error
            return None

    def _span(self, route: str, environ: Environ) -> Scope:
        return self._telemetry.tracer.span(
            f"{_METHOD} {route}",
            Kind.SERVER,
            parent=environ.get("HTTP_TRACEPARENT"),
            attributes={"http.request.method": _METHOD, "http.route": route},
        )

    def _tell(self, route: str, environ: Environ, begun: float) -> None:
        """Count the answer, and write its line."""
        took = time.perf_counter() - begun
        self._telemetry.meters.http.answered(_METHOD, route, _OK, took)
        environ[correlation.VARIABLE] = correlation.accepted(environ.get(correlation.VARIABLE, ""))
        _log.info(
            "request",
            method=_METHOD,
            route=route,
            status=_OK,
            milliseconds=round(took * 1000, 1),
            correlation_id=environ[correlation.VARIABLE],
            service=self._service,
        )


def _is_plain(environ: Environ, way: Way) -> bool:
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ["REQUEST_METHOD"] == _METHOD
        and not environ.get("QUERY_STRING")
        and environ.get("CONTENT_TYPE") in way.media
        and length.isascii()
        and length.isdecimal()
        and 0 < int(length) <= way.largest
        and not any(name in environ for name in _NEEDS_THE_FRAMEWORK)
        and not any(name.startswith("HTTP_") and "\0" in value for name, value in environ.items())
    )


def _begun(environ: Environ, start_response: StartResponse, way: Way, answer: bytes) -> list[bytes]:
    """Begin the answer, which stands under the correlation ID that was told."""
    own = [("Content-Length", str(len(answer))), (correlation.HEADER, environ[correlation.VARIABLE])]
    start_response("200 OK", [*_HEADERS, *way.headers, *own])
    return [answer]
