"""Registration's outreach, on behalf of a support agent (REG-13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.portal.application.access_items import Place
from services.portal.application.ports import Answer, Api

_ROOT: Final = "/api/registration/v1/outreach"
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """Somebody who waits; `nominee` is whom they named as manager: a name and an address, or `self`."""

    user_id: str
    name: str
    email: str | None
    phone: str | None
    extension: str | None
    since: datetime
    names_self: bool
    nominee: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A time that support tried to reach the practice."""

    at: datetime
    by: str
    channel: str
    reached: bool
    note: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an agent proposed, and what became of it."""

    id: str
    kind: str
    user_id: str
    name: str | None
    lines: tuple[str, ...]
    proof: str
    proposed_by: str
    proposed_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    note: str | None

    @property
    def is_undecided(self) -> bool:
        """Whether it awaits its second agent."""
        return self.state == "proposed"


@dataclass(frozen=True, slots=True)
class Case:
    """The task to find a manager for a TIN and line."""

    place: Place
    practice: str | None
    state: str
    reason: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    outcome: str | None
    closing_note: str | None
    managers: tuple[str, ...]
    waiting: tuple[WaitingPerson, ...]
    attempts: tuple[Attempt, ...]
    proposals: tuple[Proposal, ...]

    @property
    def is_open(self) -> bool:
        """Whether support still looks for a manager."""
        return self.state != "closed"


@dataclass(frozen=True, slots=True)
class CasesOfTin:
    """All cases of a TIN, the open ones first."""

    tin: str
    cases: tuple[Case, ...]

    @property
    def practice(self) -> str | None:
        """The practice's name, None for a TIN that the plan does not know."""
        return next((case.practice for case in self.cases if case.practice), None)

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """Those that are not closed."""
        return tuple(case for case in self.cases if case.is_open)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The attempts of the open cases, the latest first."""
        found = {each for case in self.open_cases for each in case.attempts}
        return tuple(sorted(found, key=lambda each: each.at, reverse=True))

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The proposals of the open cases, the latest first."""
        found = {each.id: each for case in self.open_cases for each in case.proposals}
        return tuple(sorted(found.values(), key=lambda each: each.proposed_at, reverse=True))

    @property
    def undecided(self) -> Proposal | None:
        """What awaits a second agent."""
        return next((each for each in self.proposals if each.is_undecided), None)


class Outreach:
    """What the pages ask of outreach; every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def cases(self, query: Mapping[str, Any]) -> tuple[list[Case], str | None]:
        """A page of them, and the cursor of the next."""
        body = self._api.get(_ROOT, query).body
        return [_case(each) for each in body["items"]], body["next"]

    def of_tin(self, tin: str) -> CasesOfTin:
        """Those of one TIN; 404 where there never was one."""
        return CasesOfTin(tin, _cases(self._api.get(f"{_ROOT}/{tin}", {"limit": _MOST})))

    def open(self, place: Place, form_key: str | None) -> None:
        """Open a case for it."""
        self._api.send("POST", _ROOT, {"tin": place.tin, "line": place.line}, form_key=form_key)

    def attempt(self, tin: str, body: Mapping[str, Any], form_key: str | None) -> None:
        """Record an attempt to reach the practice."""
        self._act(tin, "attempts", body, form_key)

    def appoint(self, tin: str, body: Mapping[str, Any], form_key: str | None) -> None:
        """Propose a manager."""
        self._act(tin, "appoint", body, form_key)

    def remove_manager(self, tin: str, body: Mapping[str, Any], form_key: str | None) -> None:
        """Propose that somebody be a manager no more."""
        self._act(tin, "remove-manager", body, form_key)

    def confirm(self, tin: str, proposal_id: str, form_key: str | None) -> None:
        """Confirm, as a second agent, the proposal that was seen."""
        self._act(tin, "confirm", {"proposal_id": proposal_id}, form_key)

    def reject(self, tin: str, body: Mapping[str, Any], form_key: str | None) -> None:
        """Reject a proposal."""
        self._act(tin, "reject", body, form_key)

    def close(self, tin: str, body: Mapping[str, Any], form_key: str | None) -> None:
        """Close the cases of some lines."""
        self._act(tin, "close", body, form_key)

    def _act(self, tin: str, act: str, body: Mapping[str, Any], form_key: str | None) -> None:
        self._api.send("POST", f"{_ROOT}/{tin}/{act}", dict(body), form_key=form_key)


def _cases(answer: Answer) -> tuple[Case, ...]:
    return tuple(_case(each) for each in answer.body["items"])


def _case(item: Mapping[str, Any]) -> Case:
    return Case(
        place=Place.of(item),
        practice=item["practice"],
        state=item["state"],
        reason=item["reason"],
        opened_at=datetime.fromisoformat(item["opened_at"]),
        due_at=datetime.fromisoformat(item["due_at"]),
        closed_at=_moment(item["closed_at"]),
        outcome=item["outcome"],
        closing_note=item["closing_note"],
        managers=tuple(item["managers"]),
        waiting=tuple(map(_waiting, item["requests"])),
        attempts=tuple(map(_attempt, item["attempts"])),
        proposals=tuple(map(_proposal, item["proposals"])),
    )


def _waiting(item: Mapping[str, Any]) -> WaitingPerson:
    nominee = item["nominee"]
    person = nominee if nominee and nominee["email"] else None
    return WaitingPerson(
        user_id=item["user_id"],
        name=_name(item) or item["user_id"],
        email=item["email"],
        phone=item["phone"],
        extension=item["extension"],
        since=datetime.fromisoformat(item["since"]),
        names_self=bool(nominee and nominee["whom"] == "self"),
        nominee=(_name(person), person["email"]) if person else None,
    )


def _attempt(item: Mapping[str, Any]) -> Attempt:
    return Attempt(datetime.fromisoformat(item["at"]), item["by"], item["channel"], item["reached"], item["note"])


def _proposal(item: Mapping[str, Any]) -> Proposal:
    plain = ("id", "kind", "user_id", "name", "proof", "proposed_by", "state", "decided_by", "note")
    values: dict[str, Any] = {name: item[name] for name in plain}
    return Proposal(
        **values,
        lines=tuple(item["lines"]),
        proposed_at=datetime.fromisoformat(item["proposed_at"]),
        decided_at=_moment(item["decided_at"]),
    )


def _name(person: Mapping[str, Any]) -> str:
    parts: Sequence[str | None] = (person["first_name"], person["last_name"])
    return " ".join(part for part in parts if part)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
