"""The two cookies of the provider: of a browser's session, and of what is under way in it."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

SESSION = "__Host-wardenry-sso"
REQUEST = "__Host-wardenry-request"


def cookie(name: str) -> str | None:
    """What the browser brought."""
    return request.cookies.get(name)


def set_cookie(response: Response, name: str, value: str, lasts: timedelta | None = None) -> None:
    """For this host alone, unseen by scripts, never sent with what another site embeds or posts."""
    response.set_cookie(name, value, max_age=lasts, path="/", secure=True, httponly=True, samesite="Lax")


def delete_cookie(response: Response, name: str) -> None:
    """Have the browser forget it."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")
