"""Entitlements' access reviews (ENT-13), on behalf of whoever is signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.portal.application.ports import Api, Download
from services.portal.domain.languages import mark as _

_ROOT: Final = "/api/entitlements/v1/reviews"
_MOST: Final = 200

STATES: Final[Mapping[str, str]] = {
    "undecided": _("to be decided"),
    "kept": _("kept"),
    "removed": _("removed"),
    "gone": _("ended meanwhile"),
    "suspended": _("suspended, since nobody decided"),
    "left": _("left as it was"),
}
"""What became of one access, in words."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review with its progress; `yours` is how many accesses wait for one's own decision."""

    id: str
    tin: str
    practice: str | None
    lines: tuple[str, ...]
    is_open: bool
    opened_by: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    total: int
    undecided: int
    yours: int

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Review:
        """An item of `reviews`."""
        closed = item["closed_at"]
        return cls(
            item["id"],
            item["tin"],
            item["practice"],
            tuple(item["lines"]),
            item["state"] == "open",
            item["opened_by"],
            datetime.fromisoformat(item["opened_at"]),
            datetime.fromisoformat(item["due_at"]),
            datetime.fromisoformat(closed) if closed else None,
            item["total"],
            item["undecided"],
            item["yours"],
        )

    @property
    def decided(self) -> int:
        """How many accesses need no decision any more."""
        return self.total - self.undecided


@dataclass(frozen=True, slots=True)
class ReviewedAccess:
    """One access under review."""

    id: str
    user_id: str
    name: str
    job_role: str | None
    line: str
    level: str
    functions: tuple[str, ...]
    sensitive: frozenset[str]
    since: datetime | None
    until: datetime | None
    given_by: str | None
    state: str
    decided_by: str | None
    version: str | None
    may_decide: bool

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> ReviewedAccess:
        """An item of a review."""
        return cls(
            item["id"],
            item["user_id"],
            item["name"] or item["user_id"],
            item["job_role"],
            item["line"],
            item["level"],
            tuple(item["functions"]),
            frozenset(item["sensitive"]),
            datetime.fromisoformat(item["since"]) if item["since"] else None,
            datetime.fromisoformat(item["until"]) if item["until"] else None,
            item["given_by"],
            item["state"],
            item["decided_by"],
            item["version"],
            item["may_decide"],
        )

    @property
    def word(self) -> str:
        """What became of it, in English."""
        return STATES.get(self.state, self.state)


def reviews(api: Api) -> list[Review]:
    """Those that one sees, newest first."""
    return [Review.of(each) for each in api.get(_ROOT, {"limit": _MOST}).body["items"]]


def open_review(api: Api, tin: str, form_key: str | None) -> Review:
    """Open one for a TIN."""
    return Review.of(api.send("POST", _ROOT, {"tin": tin}, form_key=form_key).body)


def review(api: Api, review_id: str) -> tuple[Review, list[ReviewedAccess]]:
    """One of them with all of its accesses."""
    cursor, found = None, []
    while True:
        body = api.get(f"{_ROOT}/{review_id}", {"limit": _MOST, "cursor": cursor}).body
        found += [ReviewedAccess.of(each) for each in body["items"]]
        cursor = body["next"]
        if cursor is None:
            return Review.of(body), found


def decide(api: Api, review_id: str, decisions: Sequence[Mapping[str, Any]], form_key: str | None) -> Review:
    """Decide about some of them, all or none."""
    path = f"{_ROOT}/{review_id}/decisions"
    return Review.of(api.send("POST", path, {"decisions": list(decisions)}, form_key=form_key).body)


def export(api: Api, review_id: str) -> Download:
    """The outcome as a workbook."""
    return api.download(f"{_ROOT}/{review_id}/export.xlsx")
