"""Identity's calls for one's own sessions (IDN-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Api

_SESSIONS: Final = "/api/identity/v1/me/sessions"
_MOST: Final = 200
_NOT_FOUND: Final = 404


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session that is alive; `site` is where it began, `address` from where, where that is known."""

    id: str
    site: str
    address: str | None
    started_at: datetime
    used_at: datetime
    is_current: bool


def own_sessions(api: Api) -> list[OwnSession]:
    """All of them: the present one first, then the newest."""
    found: list[OwnSession] = []
    cursor: str | None = None
    while True:
        body = api.get(_SESSIONS, {"limit": _MOST, "cursor": cursor}).body
        found += map(_session, body["items"])
        cursor = body["next"]
        if cursor is None:
            return sorted(found, key=lambda each: not each.is_current)


def end_session(api: Api, session_id: str, form_key: str | None) -> None:
    """End one everywhere; one that has ended meanwhile is left as it is."""
    try:
        api.send("DELETE", f"{_SESSIONS}/{session_id}", form_key=form_key)
    except ProblemError as problem:
        if problem.status != _NOT_FOUND:
            raise


def end_other_sessions(api: Api, form_key: str | None) -> None:
    """End all but the present one."""
    for each in own_sessions(api):
        if not each.is_current:
            end_session(api, each.id, form_key)


def _session(item: dict[str, Any]) -> OwnSession:
    return OwnSession(
        item["id"],
        item["site"],
        item["address"],
        datetime.fromisoformat(item["started_at"]),
        datetime.fromisoformat(item["used_at"]),
        item["current"],
    )
