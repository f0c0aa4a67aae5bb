"""Entitlements' answers about the past: who had access to a TIN at a moment, and by whose giving (ENT-12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from services.portal.application.access_items import Place
from services.portal.application.ports import Api
from services.portal.domain.languages import mark as _

_ROOT: Final = "/api/entitlements/v1"

REASONS: Final[Mapping[str, str]] = {
    "granted": _("Yes: this person may do it now."),
    "not_granted": _("No: this person has access here, but not this function."),
    "no_access": _("No: this person has no access here, and never had any."),
    "access_ended": _("No: this person’s access here was removed, or its last day is over."),
    "suspended": _("No: this is suspended, and does not count at the moment."),
    "not_confirmed": _("No: this person’s account is not active."),
    "line_not_offered": _("No: the plan does not list this line of business for the practice."),
    "function_not_in_line": _("No: this line of business does not have this function."),
    "user_unknown": _("No: nobody is known by this user ID."),
}
"""Whether somebody may do something now, and why."""


@dataclass(frozen=True, slots=True)
class PastAccess:
    """What somebody could do in one line, unchanged from `since` to `ended_at`; None is now.

    `name` is None for one who is no longer known, `given_by` whoever gave it or changed it last.
    """

    user_id: str
    name: str | None
    line: str
    level: str
    functions: tuple[str, ...]
    since: datetime
    ended_at: datetime | None
    given_by: str
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody had for a while: at which level, whether the function was among it, and who gave or changed it."""

    level: str
    has_function: bool
    by: str
    is_change: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some time in which nothing changed; `given` is None where there was no access, which `ended_by` took away."""

    since: datetime
    ended_at: datetime | None
    given: Given | None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody may do something, or may not: `stretches` without a gap, newest first.

    `given_by` gave it as it is held now; `giver_holds` is whether they hold it themselves still.
    """

    is_allowed: bool
    reason: str
    given_by: str | None
    giver_holds: bool | None
    stretches: tuple[Stretch, ...]


class PastAccesses:
    """What the pages ask about the past; every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def at(self, tin: str, moment: datetime, cursor: str | None, limit: int) -> tuple[list[PastAccess], str | None]:
        """A page of those who had access at that moment, by line and user, and the cursor of the next."""
        query = {"as_of": moment.astimezone(UTC).isoformat(), "cursor": cursor, "limit": limit}
        body = self._api.get(f"{_ROOT}/practices/{quote(tin, safe='')}/access", query).body
        return [_past(each) for each in body["items"]], body["next"]

    def explain(self, user_id: str, function: str, place: Place) -> Explanation:
        """Why a user whom the caller sees has, or lacks, a function."""
        query = {"user_id": user_id, "function": function, "tin": place.tin, "line": place.line}
        body = self._api.get(f"{_ROOT}/explain", query).body
        return Explanation(
            body["allowed"], body["reason"], body["given_by"], body["giver_holds"], _stretches(body["chain"])
        )


def _past(item: Mapping[str, Any]) -> PastAccess:
    return PastAccess(
        item["user_id"],
        item["name"],
        item["line"],
        item["level"],
        tuple(item["functions"]),
        datetime.fromisoformat(item["since"]),
        _moment(item["ended_at"]),
        item["given_by"],
        item["ended_by"],
    )


def _stretches(chain: list[Mapping[str, Any]]) -> tuple[Stretch, ...]:
    """The intervals of a chain, newest first, with the times between them."""
    found: list[Stretch] = []
    for step, older in zip(chain, [*chain[1:], None], strict=False):
        since, ended_at = datetime.fromisoformat(step["since"]), _moment(step["ended_at"])
        newer = found[-1].since if found else None
        if ended_at is not None and ended_at != newer:
            found.append(Stretch(ended_at, newer, None, step["ended_by"]))
        is_change = older is not None and _moment(older["ended_at"]) == since
        given = Given(step["level"], step["has_function"], step["given_by"], is_change)
        found.append(Stretch(since, ended_at, given))
    return tuple(found)


def _moment(at: str | None) -> datetime | None:
    return None if at is None else datetime.fromisoformat(at)
