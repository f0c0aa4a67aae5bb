"""What is answered ahead of the framework is counted, traced, logged and refused as everything else (OPS-5)."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from flask import Response
from sqlalchemy import Engine
from structlog.testing import capture_logs

from chassis.kernel.errors import UnavailableError
from chassis.security.callers import Bearer, ClientCaller
from chassis.web.access import needs_scope, signed_in_or_client
from chassis.web.blueprints import Blueprint
from tests.unit.chassis.web.sample import PROGRAM, person
from tests.unit.chassis.web.test_watching import CALLERS, Watched

ROUTE = "/api/sample/v1/quick"


class Quick:
    """Takes numbers, and fails with seven."""

    def read(self, body: bytes) -> int | None:
        return int(body) if body.isdigit() else None

    def answer(self, bearer: Bearer, asked: int) -> bytes:
        if asked == 7:
            raise UnavailableError("Seven is out.", retry_after=9)
        return orjson.dumps({"by": "program" if isinstance(bearer, ClientCaller) else bearer.user_id})


def slow(mark: Any) -> Blueprint:
    blueprint = Blueprint("slow", __name__)

    def view() -> Response:
        return Response(b'"the framework"', content_type="application/json")

    blueprint.route("/quick", methods=["POST"])(mark(view))
    return blueprint


class Shortened(Watched):
    def __init__(self, engine: Engine, mark: Any = signed_in_or_client) -> None:
        self._mark = mark
        super().__init__(engine)

    def _definition(self) -> dict[str, Any]:
        return super()._definition() | {"blueprints": [slow(self._mark)], "shortcuts": {"/quick": Quick()}}

    def ask(self, body: bytes, bearer: Bearer | None = PROGRAM, **headers: str) -> Any:
        sent = headers if bearer is None else self.headers(bearer, **headers)
        return self.client.post(ROUTE, data=body, content_type="application/json", headers=sent)


@pytest.fixture
def shortened(engine: Engine) -> Shortened:
    return Shortened(engine)


def test_it_answers_what_it_can_read_and_leaves_the_rest(shortened: Shortened) -> None:
    assert shortened.ask(b"1").get_json() == {"by": "program"}
    assert shortened.ask(b"1", person("sally")).get_json() == {"by": "sally"}
    assert shortened.ask(b'"one"').get_json() == "the framework"
    assert shortened.ask(b"1", Idempotency_Key="k").get_json() == "the framework"


def test_what_it_raises_the_framework_tells_and_tells_once(shortened: Shortened) -> None:
    refused = shortened.ask(b"7")
    assert (refused.status_code, refused.get_json()["code"]) == (503, "unavailable")
    assert refused.headers["Retry-After"] == "9"
    assert shortened.ask(b"1", None).status_code == 401
    assert shortened.counted() == {("POST", ROUTE, "5xx"): 1, ("POST", ROUTE, "4xx"): 1}


def test_it_is_counted_traced_and_logged_under_its_correlation_id__OPS_5(shortened: Shortened) -> None:
    with capture_logs() as lines:
        answer = shortened.ask(b"1", X_Correlation_ID="c-17", traceparent=CALLERS)
        made = shortened.ask(b"2", X_Correlation_ID="not well formed")
    assert answer.headers["X-Correlation-ID"] == "c-17"
    assert made.headers["X-Correlation-ID"] not in {"", "not well formed"}
    mine = [line for line in lines if line["event"] == "request"]
    assert [line["correlation_id"] for line in mine] == ["c-17", made.headers["X-Correlation-ID"]]
    assert {(line["route"], line["status"], line["service"]) for line in mine} == {(ROUTE, 200, "sample")}
    assert shortened.counted() == {("POST", ROUTE, "2xx"): 2}
    shortened.tracer.stop()
    (span, _) = shortened.exporter.get_finished_spans()
    assert (span.name, span.attributes and span.attributes["http.response.status_code"]) == (f"POST {ROUTE}", 200)
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" in CALLERS


def test_a_view_that_asks_for_more_than_a_token_has_none(engine: Engine) -> None:
    with pytest.raises(TypeError, match="cannot have a shortcut"):
        Shortened(engine, needs_scope("support"))
