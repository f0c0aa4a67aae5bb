"""What an operation's marks say, in the words of OpenAPI: who may call it, its headers, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from chassis.web.access import Access, Door, access_of
from chassis.web.etags import asks_for_if_match, needs_if_match
from chassis.web.idempotency import shows_secret
from chassis.web.problems import PROBLEM_JSON, TITLES
from chassis.web.rates import rate_of
from chassis.web.views import view_behind

_UNSAFE: Final = frozenset({"post", "put", "patch", "delete"})
_SCHEME: Final = "accessToken"

_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "CorrelationID": {
        "name": "X-Correlation-ID",
        "description": "Ties the call to its answer, log lines and events; made if absent or not well formed "
        "(1 to 64 letters, digits, `.`, `_`, `-`).",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "description": "The same key with the same body within 24 hours gives the same answer and one effect.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "required": True,
        "description": "The `ETag` that was read: 412 `changed_meanwhile` if it is not the present one.",
        "schema": {"type": "string"},
    },
    "IfMatchUnlessPreviewed": {
        "name": "If-Match",
        "description": "The `ETag` that was read; needed unless it is a dry run (428), and 412 `changed_meanwhile` if "
        "it is not the present one.",
        "schema": {"type": "string"},
    },
    "ChallengeSecret": {
        "name": "X-Challenge-Secret",
        "description": "The `challenge_secret` of the answer that began this.",
        "schema": {"type": "string"},
    },
}

COMPONENTS: Final[dict[str, dict[str, Any]]] = {
    "securitySchemes": {_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    "parameters": {name: {"in": "header", **described} for name, described in _HEADERS.items()},
    "headers": {
        "CorrelationID": {"description": "The call's correlation ID.", "schema": {"type": "string"}},
        "RetryAfter": {"description": "Seconds until trying again may work.", "schema": {"type": "integer"}},
    },
    "responses": {
        f"Problem{status}": {
            "description": title,
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "headers": {"X-Correlation-ID": {"$ref": "#/components/headers/CorrelationID"}}
            | ({"Retry-After": {"$ref": "#/components/headers/RetryAfter"}} if status in (429, 503) else {}),
        }
        for status, title in TITLES.items()
    },
}


def complete_operation(app: Flask, rule: Rule, method: str, operation: dict[str, Any]) -> None:
    """Add to the operation what its view's marks say."""
    view = view_behind(app, rule, method.upper())
    access = access_of(view) or Access(Door.PUBLIC)
    operation["operationId"] = _operation_id(app, rule, method)
    operation["security"] = [] if access.door is Door.PUBLIC else [{_SCHEME: [access.scope] if access.scope else []}]
    parameters = operation.setdefault("parameters", [])
    parameters.extend({"$ref": f"#/components/parameters/{name}"} for name in _headers_of(view, rule, method))
    responses = operation.setdefault("responses", {})
    for status in sorted(_refusals(view, access, rule, method, operation)):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    for status, response in responses.items():
        if status.startswith("2") and "$ref" not in response:
            described = {"X-Correlation-ID": {"$ref": "#/components/headers/CorrelationID"}}
            response["headers"] = described | response.get("headers", {})


def _operation_id(app: Flask, rule: Rule, method: str) -> str:
    name = rule.endpoint.replace(".", "_")
    return f"{name}_{method}" if hasattr(app.view_functions[rule.endpoint], "view_class") else name


def _headers_of(view: Callable[..., Any], rule: Rule, method: str) -> list[str]:
    wanted = {
        "CorrelationID": True,
        "IdempotencyKey": method in _UNSAFE,
        "IfMatch": needs_if_match(view),
        "IfMatchUnlessPreviewed": asks_for_if_match(view),
        "ChallengeSecret": "challenge" in rule.arguments,
    }
    return [name for name, holds in wanted.items() if holds]


def _refusals(view: Callable[..., Any], access: Access, rule: Rule, method: str, operation: dict[str, Any]) -> set[int]:
    has_body = "requestBody" in operation
    wanted = {
        400: has_body or method in _UNSAFE,
        401: access.door is not Door.PUBLIC,
        403: access.scope is not None,
        404: bool(rule.arguments),
        409: shows_secret(view),
        412: needs_if_match(view) or asks_for_if_match(view),
        413: has_body,
        415: has_body,
        422: True,
        428: needs_if_match(view) or asks_for_if_match(view),
        429: rate_of(view) is not None,
        503: True,
    }
    return {status for status, holds in wanted.items() if holds}
