"""The small door of a working process: `/livez`, `/readyz` and `/metrics`, and nothing else (OPS-5)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final

import orjson
from cheroot import wsgi

from chassis.telemetry.health import Health, Verdict
from chassis.telemetry.telemetry import Telemetry

StartResponse = Callable[..., Any]
Answer = tuple[HTTPStatus, str, bytes]

_JSON: Final = "application/json"
_THREADS = 2
_CLOSE_WITHIN = 1
_READING: Final = frozenset({"GET", "HEAD"})


class HealthDoorError(Exception):
    """The port cannot be used; the message says what to do."""


class HealthDoor:
    """Opens the port as it is made, and answers from `open` to `close`."""

    def __init__(self, host: str, port: int, health: Health, telemetry: Telemetry) -> None:
        self._health = health
        self._telemetry = telemetry
        telemetry.readings.add("ready", health.figures)
        self._server = wsgi.Server((host, port), self._call, numthreads=_THREADS, shutdown_timeout=_CLOSE_WITHIN)
        try:
            self._server.prepare()
        except OSError as error:
            raise HealthDoorError(f"port {port} cannot be opened ({error}): name another with --port.") from error
        self._thread = threading.Thread(target=self._server.serve, name="health door", daemon=True)

    def open(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.stop()
        self._thread.join(_CLOSE_WITHIN)

    def _call(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        status, content_type, content = self._answer(environ)
        headers = [("Content-Type", content_type), ("Content-Length", str(len(content))), ("Cache-Control", "no-store")]
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in _READING:
            return HTTPStatus.METHOD_NOT_ALLOWED, _JSON, b"{}"
        if path == "/livez":
            return _told(self._health.livez())
        if path == "/readyz":
            return _told(self._health.readyz())
        if path == "/metrics" and self._telemetry.exposition is not None:
            return HTTPStatus.OK, *self._telemetry.exposition.answer(environ.get("HTTP_ACCEPT", ""))
        return HTTPStatus.NOT_FOUND, _JSON, b"{}"


def _told(verdict: Verdict) -> Answer:
    status = HTTPStatus.OK if verdict.holds else HTTPStatus.SERVICE_UNAVAILABLE
    return status, _JSON, orjson.dumps(verdict.document)
