"""Audit's delegation history (AUD-2), on behalf of whoever is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.portal.application.access_items import Place
from services.portal.application.ports import Api, Download
from services.portal.domain.languages import mark as _

_ROOT: Final = "/api/audit/v1"

KINDS: Final[Mapping[str, str]] = {
    "access_requested": _("Access requested"),
    "request_declined": _("Access request declined"),
    "request_withdrawn": _("Access request withdrawn"),
    "request_expired": _("Access request expired"),
    "access_given": _("Access given"),
    "access_changed": _("Access changed"),
    "access_removed": _("Access removed"),
    "access_ended": _("Access reached its end"),
    "access_suspended": _("Access suspended"),
    "access_restored": _("Suspended access restored"),
    "access_kept": _("Access kept in a review"),
    "manager_added": _("Access manager added"),
    "manager_removed": _("Access manager removed"),
    "invited": _("User invited"),
    "invitation_changed": _("Invitation changed"),
    "invitation_renewed": _("Invitation renewed"),
    "invitation_revoked": _("Invitation revoked"),
    "invitation_voided": _("Invitation locked after wrong passwords"),
    "invitation_expired": _("Invitation expired"),
    "invitation_redeemed": _("Invitation used"),
}
"""The types of change, and what they are called."""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """What is looked for; days are whole days in the plan's time zone, both included."""

    tin: str | None = None
    first: date | None = None
    last: date | None = None
    kind: str | None = None

    def parameters(self, zone: str) -> dict[str, Any]:
        """As the API takes it."""
        end = self.last + timedelta(days=1) if self.last and self.last < date.max else None
        return {"tin": self.tin, "from": _midnight(self.first, zone), "to": _midnight(end, zone), "type": self.kind}


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the report; `before` and `after` are (level, functions) or None."""

    at: datetime
    changed_by: str
    kind: str
    title: str
    user_id: str | None
    name: str
    email: str | None
    phone: str | None
    temporary_id: str | None
    is_registered: bool
    place: Place
    before: tuple[str, tuple[str, ...]] | None
    after: tuple[str, tuple[str, ...]] | None
    reason: str | None


def history(api: Api, query: Mapping[str, Any], cursor: str | None, limit: int) -> tuple[list[Change], str | None]:
    """A page of it, newest first, and the cursor of the next."""
    body = api.get(f"{_ROOT}/history", {**query, "cursor": cursor, "limit": limit}).body
    return [_change(each) for each in body["items"]], body["next"]


def download(api: Api, query: Mapping[str, Any], form: str) -> Download:
    """The whole of it as `xlsx` or `csv`, a piece at a time."""
    return api.download(f"{_ROOT}/history.{form}", query)


def _change(item: Mapping[str, Any]) -> Change:
    parts = [item["first_name"], item["middle_initial"], item["last_name"]]
    return Change(
        at=datetime.fromisoformat(item["at"]),
        changed_by=item["changed_by"],
        kind=item["type"],
        title=KINDS.get(item["type"], item["type_title"]),
        user_id=item["user_id"],
        name=" ".join(part for part in parts if part),
        email=item["email"],
        phone=item["phone"],
        temporary_id=item["temporary_id"],
        is_registered=item["registered"],
        place=Place.of(item),
        before=_grant(item["details"]["before"]),
        after=_grant(item["details"]["after"]),
        reason=item["details"]["reason"],
    )


def _grant(grant: Mapping[str, Any] | None) -> tuple[str, tuple[str, ...]] | None:
    return None if grant is None else (grant["level"], tuple(grant["functions"]))


def _midnight(day: date | None, zone: str) -> str | None:
    return None if day is None else datetime.combine(day, time.min, ZoneInfo(zone)).isoformat()
