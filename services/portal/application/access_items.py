"""Access, requests and people, as entitlements' API tells of them; parsed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

JsonObject = Mapping[str, Any]

ADMINISTRATORS = frozenset({"primary", "secondary"})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A TIN and a line of business."""

    tin: str
    line: str

    @classmethod
    def of(cls, item: JsonObject) -> Place:
        """The place of anything that has one."""
        return cls(item["tin"], item["line"])


class AtPlace(Protocol):
    """Anything that is about one place."""

    @property
    def place(self) -> Place:
        """The place."""

    @property
    def practice(self) -> str | None:
        """The practice's name, None for a TIN that the plan does not know."""

    @property
    def practice_lines(self) -> tuple[str, ...]:
        """The lines that the plan gives the practice; none for a TIN that it does not know."""


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do at one place; `given_by` is a user ID or `system:<part>`, `causes` what suspends it."""

    place: Place
    practice: str | None
    level: str
    functions: frozenset[str]
    since: datetime
    until: datetime | None
    given_by: str
    state: str
    practice_lines: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()

    @classmethod
    def of(cls, item: JsonObject) -> Access:
        """An item of `users/{id}/access` and its like."""
        return cls(
            Place.of(item),
            item["practice"],
            item["level"],
            frozenset(item["functions"]),
            datetime.fromisoformat(item["since"]),
            datetime.fromisoformat(item["until"]) if item["until"] else None,
            item["given_by"],
            item["state"],
            tuple(item["practice_lines"]),
            tuple(item["causes"]),
        )

    @property
    def is_active(self) -> bool:
        """Whether it counts as held now (ENT-14)."""
        return self.state == "active"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish for access at a place; the person's details and who decided are None where they are not told."""

    id: str
    place: Place
    practice: str | None
    state: str
    since: datetime
    user_id: str = ""
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    job_role: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    practice_lines: tuple[str, ...] = ()

    @classmethod
    def of(cls, item: JsonObject) -> Request:
        """An item of `requests`, or of a user's own list."""
        told = {name: item.get(name) for name in ("name", "email", "phone", "job_role", "reason", "decided_by")}
        return cls(
            item["id"],
            Place.of(item),
            item["practice"],
            item["state"],
            datetime.fromisoformat(item["since"]),
            item.get("user_id", ""),
            decided_at=datetime.fromisoformat(item["decided_at"]) if item.get("decided_at") else None,
            practice_lines=tuple(item.get("practice_lines", ())),
            **told,
        )

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be decided."""
        return self.state in {"awaiting", "no_manager"}


@dataclass(frozen=True, slots=True)
class Administered:
    """A place that the caller administers, with how many access managers it has and how many requests wait."""

    place: Place
    practice: str | None
    level: str
    managers: int
    awaiting: int
    practice_lines: tuple[str, ...]

    @classmethod
    def of(cls, item: JsonObject) -> Administered:
        """An item of `me/practices`."""
        lines = tuple(item["practice_lines"])
        return cls(Place.of(item), item["practice"], item["level"], item["managers"], item["awaiting"], lines)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody whom the caller may see, with what they have and wait for (ENT-6)."""

    user_id: str
    name: str
    email: str
    phone: str | None
    extension: str | None
    job_role: str | None
    state: str
    since: datetime | None
    access: tuple[Access, ...]
    requests: tuple[Request, ...]

    @classmethod
    def of(cls, item: JsonObject) -> User:
        """An item of `users`."""
        return cls(
            item["user_id"],
            item["name"],
            item["email"],
            item["phone"],
            item["extension"],
            item["job_role"],
            item["state"],
            datetime.fromisoformat(item["since"]) if item["since"] else None,
            accesses(item["access"]),
            tuple(map(Request.of, item["requests"])),
        )


@dataclass(frozen=True, slots=True)
class Violation:
    """A cell that a rule forbids; `function` None is the level's own."""

    place: Place
    code: str
    function: str | None = None

    @classmethod
    def of(cls, item: JsonObject) -> Violation:
        """An item of `violations`."""
        return cls(Place.of(item), item["code"], item.get("function"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The access before and after a change, or what they would be; `version` is for `If-Match`."""

    before: tuple[Access, ...]
    after: tuple[Access, ...]
    violations: tuple[Violation, ...]
    version: str

    @classmethod
    def of(cls, body: JsonObject, version: str) -> Outcome:
        """What `PUT` and `DELETE users/{id}/access` answer."""
        violations = tuple(map(Violation.of, body["violations"]))
        return cls(accesses(body["before"]), accesses(body["after"]), violations, version)


def accesses(items: Sequence[JsonObject]) -> tuple[Access, ...]:
    """A list of access, by place."""
    return tuple(sorted(map(Access.of, items), key=lambda access: access.place))
