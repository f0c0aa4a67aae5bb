"""The cookies by which this browser is remembered, one for each account: the token of a trusted device (IDN-4)."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import timedelta
from typing import Final

from flask import Response, request

from chassis.kernel.user_ids import fold
from services.portal.api.context import context
from services.portal.api.terms import terms

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,100}")


def device_token(user_id: str) -> str | None:
    """What this browser was given for that account, as typed; None where it is not remembered."""
    token = request.cookies.get(_name(user_id), "")
    return token if _TOKEN.fullmatch(token) else None


def remember(response: Response, user_id: str, token: str) -> Response:
    """Let the browser bring it along as long as identity trusts it; no script reads it, no other site is sent it."""
    lasts = timedelta(days=terms().device_days)
    response.set_cookie(_name(user_id), token, max_age=lasts, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def _name(user_id: str) -> str:
    """Tells two accounts apart, and nobody which."""
    digest = hmac.digest(context.definition.handle_secret, f"device of {fold(user_id)}".encode(), hashlib.sha256)
    return f"__Host-wardenry-device-{digest[:8].hex()}"
