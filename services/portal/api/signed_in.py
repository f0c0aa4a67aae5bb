"""Who is signed in, and the API on their behalf: the access token is renewed here, and never leaves the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from flask import g
from flask import session as flask_session

from services.portal.api.context import context
from services.portal.application.errors import UNAVAILABLE, ProblemError, SignInNeededError
from services.portal.application.ports import Api, Tokens

P = ParamSpec("P")
R = TypeVar("R")

_TOKENS: Final = "tokens"
_STAYS: Final = ("language", "register.done")
_WAIT: Final = 15.0
_LOOK_EVERY: Final = 0.05


def is_signed_in() -> bool:
    """Whether somebody is, as far as the portal knows."""
    return _TOKENS in flask_session


def user_id() -> str:
    """Who is signed in; raises `SignInNeededError` where nobody is."""
    return str(_kept()["user_id"])


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """The page needs somebody signed in; others are sent to sign in first."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        access_token()
        return view(*args, **kwargs)

    return checked


def api() -> Api:
    """The API on behalf of whoever is signed in; raises `SignInNeededError`."""
    return context.api_with(access_token())


def remember(tokens: Tokens) -> None:
    """Sign in: from here on the session, under a new token, is this person's, with nothing left of another's."""
    session = context.session
    for name in [name for name in session if name not in _STAYS or not _is_of(session[name], tokens.user_id)]:
        del session[name]
    session.renew(tokens.sid)
    context.session[_TOKENS] = _as_kept(tokens)


def access_token() -> str:
    """A token that still holds; raises `SignInNeededError`."""
    kept = _kept()
    return _token_of(kept) if _is_fresh(kept) else _renewed()


def renew() -> None:
    """Have new tokens, though those at hand still hold: they tell what has changed about the session (IDN-3)."""
    _renewed(anyway=True)


def refresh_token() -> str:
    """The session's; raises `SignInNeededError`."""
    return str(_kept()["refresh_token"])


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] | None = flask_session.get(_TOKENS)
    if kept is None:
        raise SignInNeededError
    return kept


def _renewed(*, anyway: bool = False) -> str:
    """One request of the session renews, the others wait for what it got: a refresh token works once."""
    token, sessions = context.session.token, context.ports.sessions
    if token is None:
        raise SignInNeededError
    deadline = time.monotonic() + _WAIT
    while not sessions.lease(token):
        if time.monotonic() > deadline:
            raise ProblemError(503, UNAVAILABLE)
        time.sleep(_LOOK_EVERY)
    try:
        return _token_of(_renewed_alone(token, anyway=anyway))
    finally:
        sessions.release(token)


def _renewed_alone(token: str, *, anyway: bool) -> dict[str, Any]:
    """With the lease: what another request got meanwhile, else new ones, kept before anything else is done."""
    ports = context.ports
    now_kept = ports.sessions.find(token, context.site.name)
    tokens = now_kept.data.get(_TOKENS) if now_kept else None
    if tokens is None:
        raise SignInNeededError
    if anyway or not _is_fresh(tokens):
        renewed = ports.issuer.refresh(context.site, str(tokens["refresh_token"]))
        tokens = _as_kept(renewed)
        ports.sessions.change(token, {_TOKENS: tokens}, (), renewed.sid)
    context.session.take(_TOKENS, tokens)
    return dict(tokens)


def _is_of(value: Any, user_id: str) -> bool:
    """Whether a value that names its owner names this one; one that names nobody is anybody's."""
    return not isinstance(value, dict) or str(value.get("user_id", user_id)).casefold() == user_id


def _is_fresh(kept: dict[str, Any]) -> bool:
    now: datetime = g.now
    return datetime.fromisoformat(kept["expires_at"]) > now


def _token_of(kept: dict[str, Any]) -> str:
    return str(kept["access_token"])


def _as_kept(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_at": tokens.expires_at.isoformat(),
        "user_id": tokens.user_id,
    }
