"""RFC 9457 documents as errors; whatever else comes with a refusing status is an outage."""

from __future__ import annotations

from typing import Any, Final

import httpx
import orjson

from services.portal.application.errors import UNAVAILABLE, FieldFault, ProblemError

_KNOWN: Final = frozenset({"type", "title", "status", "detail", "code", "correlation_id", "errors", "instance"})
_MEDIA_TYPE: Final = "application/problem+json"


def problem_of(response: httpx.Response) -> ProblemError:
    """The error of an answer whose body has been read."""
    document = _document(response)
    if document is None:
        return ProblemError(503, UNAVAILABLE, retry_after=_retry_after(response))
    return ProblemError(
        response.status_code,
        str(document.get("code") or UNAVAILABLE),
        str(document.get("detail") or ""),
        errors=[_fault(each) for each in document.get("errors") or ()],
        retry_after=_retry_after(response),
        correlation_id=document.get("correlation_id"),
        members={name: value for name, value in document.items() if name not in _KNOWN},
    )


def _document(response: httpx.Response) -> dict[str, Any] | None:
    if response.headers.get("Content-Type", "").partition(";")[0] != _MEDIA_TYPE:
        return None
    try:
        document = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None


def _fault(given: dict[str, Any]) -> FieldFault:
    return FieldFault(str(given.get("pointer", "")), str(given.get("code", "")), str(given.get("detail", "")))


def _retry_after(response: httpx.Response) -> int | None:
    told = response.headers.get("Retry-After", "")
    return int(told) if told.isdecimal() else None
