"""Entitlements' calls, on behalf of whoever is signed in (`api.md`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from services.portal.application.access_items import Access, Administered, Outcome, Request, User, accesses
from services.portal.application.ports import Answer, Api

_ROOT: Final = "/api/entitlements/v1"
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Titled:
    """A function or a level: its code, English title and explanation, and the lines or functions that it has."""

    code: str
    title: str
    description: str = ""
    of: frozenset[str] = frozenset()
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody's access is, and the version of that."""

    access: tuple[Access, ...]
    version: str


@dataclass(frozen=True, slots=True)
class Manager:
    """An access manager of one line as support sees them; `state` is `active` or `suspended`."""

    name: str
    line: str
    user_id: str
    email: str
    phone: str | None
    extension: str | None
    since: datetime
    state: str


class Entitlements:
    """What the pages ask of entitlements; every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def functions(self) -> list[Titled]:
        """The catalogue; `of` are the lines of business (ENT-1)."""
        return [
            Titled(each["code"], each["title"], each["description"], frozenset(each["lines"]), each["sensitive"])
            for each in self._items("functions")
        ]

    def levels(self) -> list[Titled]:
        """The levels; `of` are the functions that a level fixes (ENT-2)."""
        return [
            Titled(each["code"], each["title"], each["description"], frozenset(each["functions"]))
            for each in self._items("levels")
        ]

    def my_access(self) -> tuple[Access, ...]:
        """What I may do (ENT-9)."""
        return accesses(self._items("me/access"))

    def my_practices(self) -> list[Administered]:
        """What I administer."""
        return [Administered.of(each) for each in self._items("me/practices")]

    def managers(self, tin: str) -> list[tuple[str, str]]:
        """The managers' names, each with the line."""
        return [(each["name"], each["line"]) for each in self._items(f"practices/{quote(tin, safe='')}/managers")]

    def managers_for_support(self, tin: str) -> list[Manager]:
        """The same for a support agent, with how they are reached."""
        found = self._items(f"practices/{quote(tin, safe='')}/managers")
        names = ("name", "line", "user_id", "email", "phone", "extension", "state")
        return [
            Manager(since=datetime.fromisoformat(each["since"]), **{name: each[name] for name in names})
            for each in found
        ]

    def want_manager(self, tin: str, line: str, form_key: str | None) -> None:
        """Ask support to look for an access manager of a TIN where I work or wait."""
        path = f"{_ROOT}/practices/{quote(tin, safe='')}/manager-wanted"
        self._api.send("POST", path, {"line": line}, form_key=form_key)

    def requests(self, query: Mapping[str, Any] | None = None) -> list[Request]:
        """Those that I may decide; of myself with `mine`."""
        return [Request.of(each) for each in self._items("requests", {"limit": _MOST, **(query or {})})]

    def request(self, request_id: str) -> Request:
        """One of them."""
        return Request.of(self._api.get(f"{_ROOT}/requests/{request_id}").body)

    def users(self, query: Mapping[str, Any]) -> tuple[list[User], str | None]:
        """A page of users, and the cursor of the next (ENT-6)."""
        body = self._api.get(f"{_ROOT}/users", query).body
        return [User.of(each) for each in body["items"]], body["next"]

    def user(self, user_id: str, lines: Sequence[str]) -> User:
        """One user, with what they have at the TINs of a site with these lines; 404 where I may not see them."""
        return User.of(self._api.get(f"{_ROOT}/users/{quote(user_id, safe='')}", {"lines": lines}).body)

    def counts(self, tin: str | None, lines: Sequence[str]) -> dict[str, int]:
        """How many users each view has, at the TINs of a site with these lines."""
        return dict(self._api.get(f"{_ROOT}/users/counts", {"tin": tin, "lines": lines}).body)

    def access_of(self, user_id: str) -> Seen:
        """What a user may do where I administer."""
        first = self._api.get(_access(user_id), {"limit": _MOST})
        following = first.body["next"]
        rest = self._pages(_access(user_id), {"limit": _MOST}, following) if following else ()
        return Seen(accesses([*first.body["items"], *rest]), _version(first))

    def preview_change(self, user_id: str, changes: Sequence[Mapping[str, Any]], request_id: str | None) -> Outcome:
        """What a change would come to, with what rules forbid (ENT-7)."""
        body = {**_wish(changes, request_id), "dry_run": True}
        return _outcome(self._api.send("PUT", _access(user_id), body))

    def change(
        self,
        user_id: str,
        changes: Sequence[Mapping[str, Any]],
        request_id: str | None,
        version: str,
        form_key: str | None,
    ) -> Outcome:
        """Make it so, if nobody changed it since that version."""
        body, headers = _wish(changes, request_id), {"If-Match": version}
        return _outcome(self._api.send("PUT", _access(user_id), body, form_key=form_key, headers=headers))

    def preview_removal(self, user_id: str, tin: str | None) -> Outcome:
        """What would go (ENT-8)."""
        query = {"tin": tin, "dry_run": "true"}
        return _outcome(self._api.send("DELETE", _access(user_id), query=query))

    def remove(self, user_id: str, tin: str | None, version: str, form_key: str | None) -> Outcome:
        """Take it away, if nobody changed it since that version."""
        headers = {"If-Match": version}
        return _outcome(
            self._api.send("DELETE", _access(user_id), form_key=form_key, headers=headers, query={"tin": tin})
        )

    def decline(self, request_id: str, reason: str, form_key: str | None) -> None:
        """Decline, with a reason that the applicant is told."""
        self._api.send("POST", f"{_ROOT}/requests/{request_id}/decline", {"reason": reason}, form_key=form_key)

    def withdraw(self, request_id: str, form_key: str | None) -> None:
        """Take my own request back."""
        self._api.send("POST", f"{_ROOT}/requests/{request_id}/withdraw", form_key=form_key)

    def ask(self, tin: str, line: str, form_key: str | None) -> None:
        """Ask for access to a further TIN."""
        self._api.send("POST", f"{_ROOT}/requests", {"tin": tin, "line": line}, form_key=form_key)

    def _items(self, path: str, query: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return list(self._pages(f"{_ROOT}/{path}", query or {}))

    def _pages(self, path: str, query: Mapping[str, Any], cursor: str | None = None) -> Iterator[dict[str, Any]]:
        """The items of every page, from the cursor on."""
        while True:
            body = self._api.get(path, {**query, "cursor": cursor}).body
            yield from body["items"]
            cursor = body["next"]
            if cursor is None:
                return


def _access(user_id: str) -> str:
    return f"{_ROOT}/users/{quote(user_id, safe='')}/access"


def _wish(changes: Sequence[Mapping[str, Any]], request_id: str | None) -> dict[str, Any]:
    return {"changes": list(changes), **({"request_id": request_id} if request_id else {})}


def _outcome(answer: Answer) -> Outcome:
    return Outcome.of(answer.body, _version(answer))


def _version(answer: Answer) -> str:
    return answer.headers.get("ETag") or answer.headers.get("etag") or ""
