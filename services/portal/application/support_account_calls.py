"""Identity's calls for support's work on accounts (IDN-14, IDN-15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from urllib.parse import quote

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Api

_ACCOUNTS: Final = "/api/identity/v1/accounts"
_NOT_FOUND: Final = 404


class Act(StrEnum):
    """What support can do, by the last word of its address."""

    REACTIVATE = "reactivate"
    LOCK = "lock"
    UNLOCK = "unlock"
    END_SESSIONS = "end-sessions"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class SupportedAccount:
    """An account as support sees it."""

    user_id: str
    name: str
    state: str
    job_role: str
    email: str
    phone: str | None
    extension: str | None
    created_at: datetime
    last_sign_in: datetime | None
    locked_until: datetime | None
    erasure_proposed_by: str | None
    erasure_reason: str | None

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Self:
        """An item of `accounts`."""
        initial = f"{item['middle_initial']}." if item["middle_initial"] else ""
        return cls(
            user_id=item["user_id"],
            name=" ".join(part for part in (item["first_name"], initial, item["last_name"]) if part),
            state=item["state"],
            job_role=item["job_role"],
            email=item["email"],
            phone=item["phone"],
            extension=item["extension"],
            created_at=datetime.fromisoformat(item["created_at"]),
            last_sign_in=_moment(item["last_sign_in"]),
            locked_until=_moment(item["locked_until"]),
            erasure_proposed_by=item["erasure_proposed_by"],
            erasure_reason=item["erasure_reason"],
        )

    @property
    def is_locked(self) -> bool:
        """By support, or after failures."""
        return self.state == "locked" or self.locked_until is not None

    def acts(self) -> list[Act]:
        """What there is to do in its state, the likeliest first."""
        possible = {
            Act.REACTIVATE: self.state == "disabled",
            Act.UNLOCK: self.is_locked,
            Act.LOCK: self.state == "active",
            Act.END_SESSIONS: self.state == "active",
            Act.ERASE: True,
        }
        return [act for act, is_possible in possible.items() if is_possible]


class SupportedAccounts:
    """Every method raises `ProblemError`: 403 for whoever is no agent."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, query: str, cursor: str | None, limit: int) -> tuple[list[SupportedAccount], str | None]:
        """A page of those that are found, and the cursor of the next."""
        body = self._api.get(_ACCOUNTS, {"query": query, "cursor": cursor, "limit": limit}).body
        return [SupportedAccount.of(each) for each in body["items"]], body["next"]

    def one(self, user_id: str) -> SupportedAccount:
        """The account of that user ID."""
        found, _ = self.find(user_id, None, 1)
        if not found or found[0].user_id != user_id:
            raise ProblemError(_NOT_FOUND, "not_found")
        return found[0]

    def do(self, act: Act, user_id: str, reason: str, form_key: str | None) -> str:
        """Do it; returns the state that the answer tells."""
        path = f"{_ACCOUNTS}/{quote(user_id, safe='')}/{act}"
        return str(self._api.send("POST", path, {"reason": reason}, form_key=form_key).body["state"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
