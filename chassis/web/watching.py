"""Has every request of an application counted, timed and traced, by its route and never by its path."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from flask import Flask, Response, g, request

from chassis.telemetry.meters import HttpMeter
from chassis.telemetry.telemetry import Telemetry
from chassis.telemetry.tracing import Kind
from chassis.web.health import MACHINERY

_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_OTHER: Final = "other"
_NOWHERE: Final = "none"
_SERVER_FAULT: Final = 500


def watch(app: Flask, telemetry: Telemetry) -> None:
    """To be called before the application has hooks of its own, so that these come first, and last.

    Probes and scrapes are left out: they would outnumber the rest.
    """
    app.before_request(partial(_begin, telemetry))
    app.after_request(partial(_count, telemetry.meters.http))
    app.teardown_request(_end)


def _begin(telemetry: Telemetry) -> None:
    g.watched_since = time.perf_counter()
    if request.blueprint == MACHINERY:
        return
    route, method = _route(), _method()
    g.scope = telemetry.tracer.span(
        f"{method} {route}",
        Kind.SERVER,
        parent=request.headers.get("traceparent"),
        attributes={"http.request.method": method, "http.route": route},
    )
    g.scope.__enter__()


def _count(meter: HttpMeter, response: Response) -> Response:
    if "scope" in g:
        meter.answered(_method(), _route(), response.status_code, time.perf_counter() - g.watched_since)
        g.scope.tell({"http.response.status_code": response.status_code})
        if response.status_code >= _SERVER_FAULT:
            g.scope.fail(str(response.status_code))
    return response


def _end(_: BaseException | None) -> None:
    scope = g.pop("scope", None)
    if scope is not None:
        scope.__exit__(None, None, None)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else _NOWHERE


def _method() -> str:
    return request.method if request.method in _METHODS else _OTHER
