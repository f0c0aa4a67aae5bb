"""What somebody who registers has typed so far, and the registration that it makes (REG-1 to REG-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, Self

MOST_TINS: Final = 50
SELF: Final = "self"
OTHER: Final = "other"
PROFILE: Final = ("first_name", "middle_initial", "last_name", "job_role", "phone", "extension", "mobile", "email")
ADDRESS: Final = ("line1", "line2", "city", "state", "zip")
BIRTH: Final = ("birth_month", "birth_day", "birth_year")
ANSWERS: Final = 2


@dataclass(frozen=True, slots=True)
class TinRow:
    """One row of the TIN step as typed; `nominate` is `self`, `other` or nothing (REG-11)."""

    tin: str = ""
    line: str = ""
    nominate: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether no TIN is in it."""
        return not self.tin.strip()

    def body(self) -> dict[str, Any]:
        """As the API takes it."""
        made: dict[str, Any] = {"tin": self.tin.strip()}
        if self.line:
            made["line"] = self.line
        if self.nominate == SELF:
            made["nominate"] = SELF
        if self.nominate == OTHER:
            made["nominate"] = {"first_name": self.first_name, "last_name": self.last_name, "email": self.email}
        return made


@dataclass(frozen=True, slots=True)
class TinStep:
    """The rows, or the word that there is no TIN (REG-3)."""

    rows: tuple[TinRow, ...] = (TinRow(),)
    no_tin: bool = False

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Self:
        """From what `kept` gave."""
        return cls(tuple(TinRow(**row) for row in kept["rows"]), kept["no_tin"])

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {"rows": [asdict(row) for row in self.rows], "no_tin": self.no_tin}

    @property
    def filled(self) -> tuple[TinRow, ...]:
        """The rows that have a TIN."""
        return tuple(row for row in self.rows if not row.is_blank)

    def body(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"no_tin": True} if self.no_tin else {"tins": [row.body() for row in self.filled]}


@dataclass(frozen=True, slots=True)
class Invited:
    """The temporary ID that somebody registers with, and what it holds for them, as the API tells it (REG-14)."""

    temporary_id: str
    temporary_password: str = field(repr=False)
    access: tuple[Mapping[str, Any], ...]

    def body(self) -> dict[str, Any]:
        """As the API takes it, in place of practice type and TINs."""
        return {"temporary_id": self.temporary_id, "temporary_password": self.temporary_password}


@dataclass(frozen=True, slots=True)
class Draft:
    """A registration under way; a part that was not come to yet is None. `invited` takes the place of the TIN step."""

    practice_type: tuple[str, ...] | None = None
    tins: TinStep | None = None
    account: Mapping[str, str] | None = None
    password: str | None = field(default=None, repr=False)
    invited: Invited | None = None

    def body(self, language: str) -> dict[str, Any]:
        """All of it, as the API takes it."""
        account = {**account_body(self.account or {}, language), "password": self.password or ""}
        if self.invited is not None:
            return {**self.invited.body(), **account}
        return {"practice_type": list(self.practice_type or ()), **(self.tins or TinStep()).body(), **account}


def account_body(typed: Mapping[str, str], language: str) -> dict[str, Any]:
    """The third step's part but for the password: every field, so that every lack is told."""
    profile: dict[str, Any] = {name: typed.get(name, "") for name in PROFILE}
    profile["address"] = {name: typed.get(name, "") for name in ADDRESS}
    profile["language"] = typed.get("language") or language
    return {
        "profile": profile,
        "user_id": typed.get("user_id", ""),
        "date_of_birth": iso_date(*(typed.get(name, "") for name in BIRTH)),
        "security_answers": [
            {"question": typed.get(f"question_{place}", ""), "answer": typed.get(f"answer_{place}", "")}
            for place in range(ANSWERS)
        ],
    }


def iso_date(month: str, day: str, year: str) -> str:
    """The date in ISO 8601, nothing where these make none."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def without_blanks(rows: Sequence[TinRow]) -> tuple[TinRow, ...]:
    """The rows that have a TIN, or one that is blank where none has."""
    return tuple(row for row in rows if not row.is_blank) or (TinRow(),)
