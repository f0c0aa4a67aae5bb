"""Every refusal as `application/problem+json` (RFC 9457): the one place where a category becomes a status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import Response
from marshmallow import fields
from werkzeug.exceptions import HTTPException

from chassis.kernel.errors import Category, WardenryError
from chassis.web.exchange import current_exchange
from chassis.web.schemas import ResponseSchema

PROBLEM_JSON: Final = "application/problem+json"

STATUS: Final[Mapping[Category, int]] = {
    Category.MALFORMED: 400,
    Category.NOT_SIGNED_IN: 401,
    Category.FORBIDDEN: 403,
    Category.NOT_FOUND: 404,
    Category.CONFLICT: 409,
    Category.CHANGED_MEANWHILE: 412,
    Category.TOO_LARGE: 413,
    Category.UNSUPPORTED: 415,
    Category.INVALID: 422,
    Category.PRECONDITION_MISSING: 428,
    Category.TOO_MANY: 429,
    Category.UNAVAILABLE: 503,
}

TITLES: Final[Mapping[int, str]] = {
    400: "The request is malformed",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "In conflict with what is",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Content type not supported",
    422: "Cannot be taken as it is",
    428: "Precondition required",
    429: "Too many attempts",
    500: "Something went wrong here",
    503: "Unavailable at this moment",
}

_CODES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("malformed", "The request could not be read."),
    404: ("not_found", "There is nothing here that you may see."),
    405: ("method_not_allowed", "This resource does not offer that method."),
    408: ("request_timeout", "The request took too long to arrive."),
    413: ("too_large", "The request is larger than may be sent here."),
    415: ("unsupported_media_type", "Send the body in the content type that the document names."),
    431: ("too_large", "The request's headers are larger than may be sent here."),
    500: ("internal_error", "Something went wrong here; nothing of the request took effect."),
    503: ("unavailable", "A needed part is down or busy; try again."),
}
_OTHER: Final = ("refused", "The request was refused.")
_RETRY_AFTER: Final[Mapping[int, int]] = {429: 60, 503: 5}


class FaultSchema(ResponseSchema):
    """One wrong place in what was sent."""

    pointer = fields.String(required=True, metadata={"description": "RFC 6901 pointer into the body, or `/parameter`."})
    code = fields.String(required=True, metadata={"description": "What is wrong, as a stable word."})
    detail = fields.String(required=True, metadata={"description": "What is wrong, for a person."})


class ProblemSchema(ResponseSchema):
    """A refusal (RFC 9457); further members depend on the code."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What happened, for a person."})
    code = fields.String(required=True, metadata={"description": "What happened, as a stable word."})
    correlation_id = fields.String(required=True, metadata={"description": "Also in `X-Correlation-ID` and the logs."})
    errors = fields.List(fields.Nested(FaultSchema), metadata={"description": "Every wrong place; with status 422."})


def of_refusal(error: WardenryError) -> Response:
    """The answer to a refusal of this project's own."""
    status = STATUS[error.category]
    members = dict(error.members)
    if error.faults or status == STATUS[Category.INVALID]:
        members["errors"] = [
            {"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in error.faults
        ]
    response = _problem(status, error.code, error.detail, members)
    retry_after = error.retry_after if error.retry_after is not None else _RETRY_AFTER.get(status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(max(1, retry_after))
    return response


def of_http(error: HTTPException) -> Response:
    """The answer to what the framework refuses (no such path, wrong method, too large)."""
    status = error.code or 500
    response = _problem(status, *_CODES.get(status, _OTHER), {})
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    if status in _RETRY_AFTER:
        response.headers.setdefault("Retry-After", str(_RETRY_AFTER[status]))
    return response


def of_unexpected() -> Response:
    """The answer to an error of our own; its cause is in the log under the correlation ID and nowhere else."""
    return _problem(500, *_CODES[500], {})


def document(status: int, code: str, detail: str, correlation_id: str) -> dict[str, Any]:
    """What every problem document says."""
    return {
        "type": f"urn:wardenry:problem:{code}",
        "title": TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
        "code": code,
        "correlation_id": correlation_id,
    }


def _problem(status: int, code: str, detail: str, members: Mapping[str, Any]) -> Response:
    problem = {**members, **document(status, code, detail, current_exchange().correlation_id)}
    response = Response(orjson.dumps(problem, default=str), status, content_type=PROBLEM_JSON)
    if status == STATUS[Category.NOT_SIGNED_IN]:
        response.headers["WWW-Authenticate"] = 'Bearer realm="wardenry"'
    return response
