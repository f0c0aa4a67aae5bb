"""Registration's calls about invitations, for managers and for whoever redeems one (`api.md`; REG-14, REG-15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from services.portal.application.access_items import Place
from services.portal.application.ports import Api

_ROOT: Final = "/api/registration/v1/invitations"
PERSON: Final = ("first_name", "middle_initial", "last_name", "phone", "extension", "email")
STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("open", "unconfirmed"),
    "ending": ("open",),
    "redeemed": ("redeemed",),
    "ended": ("expired", "revoked", "voided"),
}
"""The views of the list, and the states that each shows; of `ending` those alone that end soon."""
SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an invitation holds for one place."""

    place: Place
    practice: str | None
    level: str
    functions: tuple[str, ...]
    until: datetime | None

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Prepared:
        """An item of `access`."""
        until = datetime.fromisoformat(item["until"]) if item["until"] else None
        return cls(Place.of(item), item["practice"], item["level"], tuple(item["functions"]), until)

    @property
    def wish(self) -> dict[str, Any]:
        """The same, as the API takes it."""
        until = self.until.isoformat() if self.until else None
        own = {"tin": self.place.tin, "line": self.place.line, "level": self.level}
        return {**own, "functions": list(self.functions), "until": until}


@dataclass(frozen=True, slots=True)
class Opened:
    """What whoever has the temporary ID and password learns: what to fill in, and what is prepared."""

    person: Mapping[str, str]
    access: tuple[Mapping[str, Any], ...]

    @property
    def prepared(self) -> tuple[Prepared, ...]:
        """The access, place by place."""
        return tuple(map(Prepared.of, self.access))


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as a manager sees it; `temporary_password` only in the answer that makes it."""

    id: str
    temporary_id: str
    state: str
    name: str
    email: str
    invited_by: str
    access: tuple[Prepared, ...]
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    user_id: str | None
    person: Mapping[str, str] = field(default_factory=dict)
    temporary_password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Invitation:
        """An item of `invitations`; a person who was erased has no name."""
        person = item["person"]
        names = (person[name] for name in ("first_name", "middle_initial", "last_name"))
        return cls(
            item["id"],
            item["temporary_id"],
            item["state"],
            " ".join(filter(None, names)),
            person["email"] or "",
            item["invited_by"],
            tuple(map(Prepared.of, item["access"])),
            datetime.fromisoformat(item["created_at"]),
            datetime.fromisoformat(item["expires_at"]),
            datetime.fromisoformat(item["ended_at"]) if item["ended_at"] else None,
            item["user_id"],
            {name: person[name] or "" for name in PERSON},
            item.get("temporary_password"),
        )

    @property
    def is_open(self) -> bool:
        """Whether it can be taken back."""
        return self.state in STATES["open"]

    @property
    def is_renewable(self) -> bool:
        """Whether it can be opened for its whole time again: not for somebody who was forgotten."""
        return self.state in {"open", "expired", "voided"} and bool(self.email)

    @property
    def is_changeable(self) -> bool:
        """Whether it can become one for another person, or with other access."""
        return self.state == "open"


def redeem(api: Api, temporary_id: str, temporary_password: str, form_key: str | None) -> Opened:
    """What it holds; on behalf of somebody who is signed in, it is redeemed by that. Raises `ProblemError`."""
    body = {"temporary_id": temporary_id, "temporary_password": temporary_password}
    found = api.send("POST", f"{_ROOT}/redeem", body, form_key=form_key).body
    return Opened({name: found["person"][name] or "" for name in PERSON}, tuple(found["access"]))


class Invitations:
    """A manager's; every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def page(self, view: str, cursor: str | None, limit: int, now: datetime) -> tuple[list[Invitation], str | None]:
        """A page of a view, and the cursor of the next."""
        ends_by = (now + SOON).isoformat() if view == "ending" else None
        query = {"state": STATES[view], "cursor": cursor, "limit": limit, "ends_by": ends_by}
        body = self._api.get(_ROOT, query).body
        return [Invitation.of(each) for each in body["items"]], body["next"]

    def one(self, invitation_id: str) -> Invitation:
        """One of them."""
        return Invitation.of(self._api.get(f"{_ROOT}/{invitation_id}").body)

    def seen(self, invitation_id: str) -> tuple[Invitation, str]:
        """One of them, and its version."""
        answer = self._api.get(f"{_ROOT}/{invitation_id}")
        return Invitation.of(answer.body), answer.headers.get("ETag") or answer.headers.get("etag") or ""

    def change(
        self,
        invitation_id: str,
        version: str,
        person: Mapping[str, str],
        access: Sequence[Mapping[str, Any]],
        form_key: str | None,
    ) -> Invitation:
        """Make it one for this person and access, if nothing became of it since that version."""
        body = {"person": _person(person), "access": list(access)}
        path, headers = f"{_ROOT}/{invitation_id}", {"If-Match": version}
        return Invitation.of(self._api.send("PUT", path, body, form_key=form_key, headers=headers).body)

    def create(
        self, people: Sequence[Mapping[str, str]], access: Sequence[Mapping[str, Any]], form_key: str | None
    ) -> list[Invitation]:
        """Invite these people, each with secrets of their own."""
        body = {"people": [_person(each) for each in people], "access": list(access)}
        return [Invitation.of(each) for each in self._api.send("POST", _ROOT, body, form_key=form_key).body["items"]]

    def renew(self, invitation_id: str, form_key: str | None) -> Invitation:
        """Open it for its whole time again, with another password."""
        return Invitation.of(self._api.send("POST", f"{_ROOT}/{invitation_id}/renew", form_key=form_key).body)

    def revoke(self, invitation_id: str, form_key: str | None) -> None:
        """Take it back."""
        self._api.send("POST", f"{_ROOT}/{invitation_id}/revoke", form_key=form_key)


def _person(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: typed[name] for name in PERSON if typed.get(name)}
