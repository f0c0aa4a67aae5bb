"""`/livez`, `/readyz` and `/metrics` of a web application (OPS-5), for probes and scrapes; the gateway lets none in."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, jsonify, request

from chassis.telemetry.health import Health, Verdict
from chassis.telemetry.telemetry import Telemetry
from chassis.web.access import machinery

MACHINERY: Final = "health"
"""The blueprint's name."""

_UNAVAILABLE = 503


def health_blueprint(health: Health, telemetry: Telemetry) -> Blueprint:
    """The three routes; `/metrics` is there where the process is scraped."""
    blueprint = Blueprint(MACHINERY, __name__)
    telemetry.readings.add("ready", health.figures)

    @blueprint.get("/livez")
    @machinery
    def livez() -> Response:
        return _answer(health.livez())

    @blueprint.get("/readyz")
    @machinery
    def readyz() -> Response:
        return _answer(health.readyz())

    @blueprint.get("/metrics")
    @machinery
    def metrics() -> Response:
        if telemetry.exposition is None:
            abort(404)
        content_type, content = telemetry.exposition.answer(request.headers.get("Accept", ""))
        return Response(content, content_type=content_type)

    return blueprint


def _answer(verdict: Verdict) -> Response:
    response = jsonify(verdict.document)
    if not verdict.holds:
        response.status_code = _UNAVAILABLE
        response.headers["Retry-After"] = "5"
    return response
