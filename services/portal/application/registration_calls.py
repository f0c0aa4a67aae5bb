"""Registration's and identity's calls for people who are not signed in yet (`api.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.application.errors import FieldFault
from services.portal.application.ports import Api

_REGISTRATION = "/api/registration/v1"
_IDENTITY = "/api/identity/v1"
_TAKEN = "user_id_taken"
_USER_ID_CODES = (_TAKEN, "user_id_invalid", "user_id_reserved")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: `title` is English."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class TinReview:
    """What the directory says of one row; `associated` is None where the row has no well-formed TIN."""

    tin: str | None
    associated: bool | None
    name: str | None
    lines_offered: tuple[str, ...]
    line: str | None
    manager_count: int


@dataclass(frozen=True, slots=True)
class Review:
    """What a form, or a part of it, comes to."""

    tins: tuple[TinReview, ...]
    faults: tuple[FieldFault, ...]
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a user ID is free; `code` says why not."""

    available: bool
    code: str | None
    suggestions: tuple[str, ...]


class Registering:
    """What somebody who registers asks of the API; every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def job_roles(self) -> list[Choice]:
        """The job roles (REG-5)."""
        return self._choices("job-roles")

    def security_questions(self) -> list[Choice]:
        """The questions, of which two are answered (REG-8)."""
        return self._choices("security-questions")

    def preview(self, body: Mapping[str, Any]) -> Review:
        """Look at any part of a registration; nothing is kept."""
        found = self._api.ask(f"{_REGISTRATION}/registrations/preview", body).body
        return Review(
            tins=tuple(_tin_review(each) for each in found["tins"]),
            faults=tuple(FieldFault(each["pointer"], each["code"], each["detail"]) for each in found["errors"]),
            suggestions=tuple(found["suggestions"]),
        )

    def submit(self, body: Mapping[str, Any], form_key: str) -> dict[str, Any]:
        """Register, once per form (REG-9)."""
        answer: dict[str, Any] = self._api.send("POST", f"{_REGISTRATION}/registrations", body, form_key=form_key).body
        return answer

    def availability(self, user_id: str) -> Availability:
        """Is this user ID free? (REG-6)"""
        found = self._api.ask(f"{_IDENTITY}/accounts/availability", {"user_id": user_id}).body
        return Availability(found["available"], found["code"], tuple(found["suggestions"]))

    def confirm(self, user_id: str, code: str, form_key: str | None) -> None:
        """Give the code of the message after registration (REG-9)."""
        self._api.send("POST", f"{_IDENTITY}/accounts/{user_id}/confirm", {"code": code}, form_key=form_key)

    def send_confirmation(self, user_id: str, password: str, email: str | None, form_key: str | None) -> int:
        """Have that code sent again, to a corrected address if need be; returns the seconds until the next."""
        body = {"password": password, **({"email": email} if email else {})}
        path = f"{_IDENTITY}/accounts/{user_id}/confirm/send"
        return int(self._api.send("POST", path, body, form_key=form_key).body["resend_after"])

    def _choices(self, name: str) -> list[Choice]:
        items = self._api.get(f"{_REGISTRATION}/{name}").body["items"]
        return [Choice(item["code"], item["title"]) for item in items]


def why_not_free(found: Availability) -> str:
    """The code to tell of a user ID that cannot be had."""
    return found.code if found.code in _USER_ID_CODES else _TAKEN


def _tin_review(given: Mapping[str, Any]) -> TinReview:
    return TinReview(
        tin=given["tin"],
        associated=given["associated"],
        name=given["name"],
        lines_offered=tuple(given["lines_offered"]),
        line=given["line"],
        manager_count=given["manager_count"],
    )
