"""Flask's `session` kept on the server: the browser holds one `__Host-` cookie per site, with a random token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Flask, Request, Response, g
from flask.sessions import SessionInterface, SessionMixin

from services.portal.application.ports import KeptSession, WebSessions
from services.portal.domain.sites import Site

_NOTE_USE_EVERY: Final = timedelta(seconds=30)
_LONGEST_TOKEN: Final = 64
_OUTLIVES: Final = ("language",)


def cookie_name(site: Site) -> str:
    """Ports of one host share cookies, so that the name tells the site."""
    return f"__Host-wardenry-{site.name}"


class WebSession(SessionMixin):
    """One browser's session on one site; values are of JSON's kinds.

    What is changed inside a value is noticed only if the value is put back: `session["x"] = changed`.
    """

    def __init__(self, token: str | None, kept: KeptSession | None) -> None:
        self.token = token
        self.sid = kept.sid if kept else None
        self.used_at: datetime | None = kept.used_at if kept else None
        self.ends_at: datetime | None = kept.ends_at if kept else None
        self.is_renewed = False
        self.is_ended = False
        self.changed: set[str] = set()
        self._data: dict[str, Any] = dict(kept.data) if kept else {}

    def __getitem__(self, name: str) -> Any:
        return self._data[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._data[name] = value
        self.changed.add(name)

    def __delitem__(self, name: str) -> None:
        del self._data[name]
        self.changed.add(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def take(self, name: str, value: Any) -> None:
        """See a value as it was kept by other means; there is nothing left to keep."""
        self._data[name] = value
        self.changed.discard(name)

    def renew(self, sid: str | None) -> None:
        """Go on under another token, known to nobody: whenever somebody signs in."""
        self.sid = sid
        self.is_renewed = True

    def end(self) -> None:
        """Forget everything but the language; what is put in afterwards begins a new session."""
        self._data = {name: self._data[name] for name in _OUTLIVES if name in self._data}
        self.changed.clear()
        self.sid = None
        self.is_ended = True


class ServerSessions(SessionInterface):
    """Opens and keeps sessions around each request; a visit that leaves nothing behind has none."""

    def __init__(self, sessions: WebSessions) -> None:
        self._sessions = sessions

    def open_session(self, app: Flask, request: Request) -> WebSession:  # noqa: ARG002 (Flask's signature)
        """The browser's session, or an empty one."""
        token = request.cookies.get(cookie_name(g.site), "")
        kept = self._sessions.find(token, g.site.name) if 0 < len(token) <= _LONGEST_TOKEN else None
        return WebSession(token if kept else None, kept)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Keep what changed, under a new token where that was wished."""
        if not isinstance(session, WebSession):
            raise TypeError("not one of ours")
        if session.token and (session.is_ended or session.is_renewed):
            self._sessions.remove(session.token)
            session.token = None
        if session.token is None:
            self._begin(session, response)
        elif session.changed or self._is_use_to_note(session):
            self._change(session, response)

    def _begin(self, session: WebSession, response: Response) -> None:
        if session:
            token = self._sessions.create(g.site.name, dict(session), session.sid)
            response.set_cookie(cookie_name(g.site), token, secure=True, httponly=True, samesite="Lax", path="/")
        elif session.is_ended:
            response.delete_cookie(cookie_name(g.site), secure=True, httponly=True, samesite="Lax", path="/")

    def _change(self, session: WebSession, response: Response) -> None:
        changed = {name: session[name] for name in session.changed if name in session}
        removed = [name for name in session.changed if name not in session]
        if session.token and not self._sessions.change(session.token, changed, removed, session.sid):
            session.end()
            self._begin(session, response)

    def _is_use_to_note(self, session: WebSession) -> bool:
        if g.get("only_asked", False):
            return False
        return session.used_at is None or g.now - session.used_at > _NOTE_USE_EVERY
