"""An answer in the form in which it is kept for a repeat of its call."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from flask import Response

_KEPT_HEADERS: Final = (
    "Content-Type",
    "Content-Disposition",
    "Content-Language",
    "ETag",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
)
_NOT_KEPT: Final = frozenset({401, 408, 429})
_SERVER_ERRORS: Final = 500

REPLAYED: Final = "Idempotency-Replayed"


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """Status, telling headers and body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, response: Response) -> KeptAnswer:
        """What is kept of this answer; a streamed one is read to its end."""
        response.direct_passthrough = False
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        return cls(response.status_code, headers, response.get_data())

    @classmethod
    def from_bytes(cls, kept: bytes) -> KeptAnswer:
        """The answer that `to_bytes` wrote."""
        read: dict[str, Any] = orjson.loads(kept)
        return cls(read["status"], read["headers"], base64.b64decode(read["body"]))

    def to_bytes(self) -> bytes:
        """The answer, to be sealed before it is stored: it may hold tokens."""
        body = base64.b64encode(self.body).decode()
        return orjson.dumps({"status": self.status, "headers": dict(self.headers), "body": body})

    def replayed(self) -> Response:
        """The answer once more, marked as a repeat."""
        response = Response(self.body, self.status, headers=dict(self.headers))
        response.headers[REPLAYED] = "true"
        return response


def is_worth_keeping(status: int) -> bool:
    """Whether a repeat should get this again: not what the caller may mend or wait out, and no fault of ours."""
    return status < _SERVER_ERRORS and status not in _NOT_KEPT
