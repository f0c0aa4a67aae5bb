"""A sign-in under way at the issuer's pages: one for each authorization request, so that two tabs do not mix."""

from __future__ import annotations

import re
from typing import Final

from flask import Response, make_response, redirect, request, url_for

from services.portal.api.context import context
from services.portal.api.second_step_flow import Flow
from services.portal.application.errors import SignInBrokenError, SignInNeededError
from services.portal.application.sign_in_calls import Challenge

_HANDLE: Final = re.compile(r"[A-Za-z0-9_.-]{8,128}")
_PREFIX: Final = "signing."


def request_handle() -> str:
    """The authorization request that the page belongs to; raises `SignInNeededError` without one."""
    handle = request.args.get("request", "")
    if not _HANDLE.fullmatch(handle):
        raise SignInNeededError
    return handle


def flow() -> Flow:
    """The second step of this sign-in."""
    return Flow(f"{_PREFIX}{request_handle()}")


def keep_onward(path: str) -> None:
    """The code was right: from here the browser goes on at the issuer, however often the form is sent."""
    context.session[flow().name] = {"onward": path}


def onward() -> str | None:
    """Where it goes on, None before the code was right; raises `SignInBrokenError` where no sign-in is under way."""
    kept = flow().kept
    if not kept:
        raise SignInBrokenError("no sign-in under way")
    path: str | None = kept.get("onward")
    return path


def is_done() -> str | None:
    """Where it goes on, None as long as nobody has logged in, whatever was begun."""
    path: str | None = flow().kept.get("onward")
    return path


def passed(after: Challenge | str) -> Response:
    """Every step is passed: on from here, or first to a password of one's own in place of a temporary one (IDN-8)."""
    if isinstance(after, Challenge):
        flow().begin(after, wants_password=True)
        return step("sign_in_password.show")
    keep_onward(after)
    return carried_on(after)


def carried_on(path: str) -> Response:
    """Let the browser go on there, at the issuer."""
    return make_response(redirect(f"{context.ports.issuer_url}{path}", 303))


def step(endpoint: str) -> Response:
    """To another page of this sign-in."""
    return make_response(redirect(url_for(endpoint, request=request_handle()), 303))
