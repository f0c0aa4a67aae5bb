"""The correlation ID: it ties together a call, its answer, its log lines and its events."""

from __future__ import annotations

import re
from typing import Final

from flask import request

from chassis.kernel.ids import new_id

HEADER: Final = "X-Correlation-ID"
VARIABLE: Final = "HTTP_X_CORRELATION_ID"
"""The header's name in WSGI."""

WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


def correlation_id() -> str:
    """The caller's, if it is well formed, else a new one."""
    return accepted(request.headers.get(HEADER, ""))


def accepted(brought: str) -> str:
    """What a caller brought, if it is well formed, else a new one."""
    return brought if WELL_FORMED.fullmatch(brought) else str(new_id())
