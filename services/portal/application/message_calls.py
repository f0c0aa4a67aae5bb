"""Notify's and the other services' small calls for whoever is signed in (`api.md`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from services.portal.application.ports import Api

_NOTIFY: Final = "/api/notify/v1"
_REGISTRATION: Final = "/api/registration/v1"


@dataclass(frozen=True, slots=True)
class MessageItem:
    """A message in the portal's own inbox, in the language that the person chose for messages."""

    id: str
    subject: str
    text: str
    at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of messages, how many of all are unread, and the cursor of the next page."""

    items: tuple[MessageItem, ...]
    unread: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Practice:
    """What the plan's directory says of a TIN (REG-2)."""

    tin: str
    is_associated: bool
    name: str | None
    lines: tuple[str, ...]


def inbox(api: Api, cursor: str | None = None, limit: int = 20) -> Inbox:
    """My messages, newest first."""
    body = api.get(f"{_NOTIFY}/me/messages", {"limit": limit, "cursor": cursor}).body
    return Inbox(tuple(map(_message, body["items"])), body["unread"], body["next"])


def mark_read(api: Api, message_id: str, form_key: str | None) -> None:
    """Mark one as read."""
    api.send("POST", f"{_NOTIFY}/me/messages/{message_id}/read", form_key=form_key)


def job_roles(api: Api) -> dict[str, str]:
    """The English titles of the job roles by code (REG-5)."""
    return {each["code"]: each["title"] for each in api.get(f"{_REGISTRATION}/job-roles").body["items"]}


def practice(api: Api, tin: str) -> Practice:
    """Look a TIN up; raises `ProblemError` with `tin_invalid` for what is none."""
    body = api.get(f"{_REGISTRATION}/practices/{quote(tin, safe='')}").body
    return Practice(body["tin"], body["associated"], body["name"], tuple(body["lines"]))


def _message(item: dict[str, Any]) -> MessageItem:
    return MessageItem(item["id"], item["subject"], item["text"], datetime.fromisoformat(item["at"]), item["read"])
