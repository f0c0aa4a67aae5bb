"""What a change of many users at once comes to, as entitlements' API tells of it; parsed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.portal.application.access_items import JsonObject, Outcome
from services.portal.application.ports import Answer, Api

_PATH: Final = "/api/entitlements/v1/access/bulk"


@dataclass(frozen=True, slots=True)
class UserOutcome:
    """What becomes, or would become, of one of them."""

    user_id: str
    name: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """Each user's; `change_id` is for undoing it until `undo_until`, None for a preview and where nothing changed."""

    users: tuple[UserOutcome, ...]
    version: str
    change_id: str | None
    undo_until: datetime | None

    @classmethod
    def of(cls, answer: Answer) -> BulkOutcome:
        """What the two calls answer."""
        body, version = answer.body, answer.headers.get("ETag") or answer.headers.get("etag") or ""
        until = body["undo_until"]
        users = (UserOutcome(each["user_id"], each["name"], Outcome.of(each, version)) for each in body["items"])
        return cls(tuple(users), version, body["id"], datetime.fromisoformat(until) if until else None)

    @property
    def is_forbidden(self) -> bool:
        """Whether a rule forbids any of it, and so all."""
        return any(each.outcome.violations for each in self.users)


@dataclass(frozen=True, slots=True)
class BulkWish:
    """What these users are to gain and to lose."""

    user_ids: Sequence[str]
    add: Sequence[JsonObject]
    remove: Sequence[JsonObject]

    def body(self, **more: Any) -> Mapping[str, Any]:
        """As the call takes it."""
        return {"user_ids": list(self.user_ids), "add": list(self.add), "remove": list(self.remove), **more}


def preview_bulk(api: Api, wish: BulkWish) -> BulkOutcome:
    """What it would come to, with what rules forbid (ENT-7)."""
    return BulkOutcome.of(api.send("POST", _PATH, wish.body(dry_run=True)))


def change_bulk(api: Api, wish: BulkWish, version: str, form_key: str | None) -> BulkOutcome:
    """Make it so, if nobody changed any of it since that version."""
    headers = {"If-Match": version}
    return BulkOutcome.of(api.send("POST", _PATH, wish.body(), form_key=form_key, headers=headers))


def undo_bulk(api: Api, change_id: str, form_key: str | None) -> BulkOutcome:
    """Undo it as one (GO-3)."""
    return BulkOutcome.of(api.send("POST", f"{_PATH}/{change_id}/undo", {}, form_key=form_key))
