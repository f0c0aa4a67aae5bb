"""A row of a file of people to add: who it is, and one access to prepare, with every fault by its column (REG-16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from services.registration.domain import contacts, texts
from services.registration.domain.invitations import Invitee, PreparedAccess
from services.registration.domain.lines import read_line
from services.registration.domain.tins import bare_tin
from services.registration.domain.values import RefusedError

LEVELS = ("primary", "secondary", "processor", "auditor")
MOST_FUNCTIONS = 30
_FUNCTION_LENGTH = 40
_LONGEST_DATE = 40

MOST_PLACES = 150
"""Rows that one person may have: as many as fifty TINs have lines (REG-2)."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that has no text to be read: why, and what to do."""

    code: str
    detail: str


Cell = str | Unreadable
"""What a file has at one place."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row: its number as a spreadsheet counts (the first row is 1), the column (None for the row as
    a whole), the stable code, and what to do.
    """

    row: int
    column: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row that can be read. Whether its functions exist, and may be given, is judged where access is decided."""

    number: int
    invitee: Invitee
    access: PreparedAccess


class RowReader:
    """Reads the rows under one header. `places` says where each column stands, `zone` whose days `until` names."""

    def __init__(self, places: Mapping[str, int], zone: ZoneInfo) -> None:
        self._places = places
        self._zone = zone
        self._width = max(places.values()) + 1

    def read(self, number: int, cells: Sequence[Cell], report: Callable[[RowFault], None]) -> PersonRow | None:
        """The row, or None where anything in it is wrong: then all of that was reported."""
        if any(isinstance(cell, Unreadable) or cell.strip() for cell in cells[self._width :]):
            report(RowFault(number, None, "columns_wrong", "This row has more cells than the first one names columns."))
            return None
        row = _Cells(number, cells, self._places, report)
        invitee = Invitee(
            first_name=row.needed("first_name", texts.person_name),
            middle_initial=row.optional("middle_initial", texts.middle_initial),
            last_name=row.needed("last_name", texts.person_name),
            email=row.needed("email", contacts.email),
            phone=row.optional("phone", contacts.phone),
            extension=row.optional("extension", contacts.extension),
        )
        tin, line = row.needed("tin", bare_tin), row.optional("line", read_line, needed=True)
        level = row.needed("level", _level)
        functions = row.optional("functions", _functions) or ()
        until = row.optional("until", self._until)
        if row.faulty or line is None:
            return None
        return PersonRow(number, invitee, PreparedAccess(tin, line, level, functions, until))

    def _until(self, text: str) -> datetime:
        return _end_of(text.strip(), self._zone)


class _Cells:
    """One row's cells by column."""

    def __init__(
        self, number: int, cells: Sequence[Cell], places: Mapping[str, int], report: Callable[[RowFault], None]
    ) -> None:
        self.faulty = False
        self._number = number
        self._cells = cells
        self._places = places
        self._report = report

    def needed(self, column: str, read: Callable[[str], str]) -> str:
        """The value, or "" where none passes."""
        return self.optional(column, read, needed=True) or ""

    def optional(self, column: str, read: Callable[[str], Value], *, needed: bool = False) -> Value | None:
        """The value of a cell, None where it is empty or does not pass."""
        place = self._places.get(column)
        cell = self._cells[place] if place is not None and place < len(self._cells) else ""
        try:
            if isinstance(cell, Unreadable):
                raise RefusedError(cell.code, cell.detail)
            if needed and not cell.strip():
                raise RefusedError("required", "This is needed.")
            return read(cell) if cell.strip() else None
        except RefusedError as refused:
            self._refuse(column, refused)
            return None

    def _refuse(self, column: str, refused: RefusedError) -> None:
        self.faulty = True
        self._report(RowFault(self._number, column, refused.code, refused.detail))


def _level(text: str) -> str:
    level = text.strip().lower()
    if level not in LEVELS:
        raise RefusedError("level_unknown", f"A level is one of: {', '.join(LEVELS)}.")
    return level


@lru_cache(maxsize=256)
def _functions(text: str) -> tuple[str, ...]:
    """Each function once, in the order of the cell."""
    codes = tuple(dict.fromkeys(part.strip().lower() for part in text.split(";") if part.strip()))
    if len(codes) > MOST_FUNCTIONS or any(len(code) > _FUNCTION_LENGTH for code in codes):
        raise RefusedError("function_unknown", "Name functions by their codes, with semicolons between them.")
    return codes


@lru_cache(maxsize=256)
def _end_of(text: str, zone: ZoneInfo) -> datetime:
    """The moment at which a day ends in the zone, or the moment that is named; in UTC."""
    try:
        if len(text) <= len("2027-12-31"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time.min, zone).astimezone(UTC)
        moment = datetime.fromisoformat(text[:_LONGEST_DATE])
        if moment.tzinfo is None:
            raise ValueError("whose clock?")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        detail = "Write the last day as YYYY-MM-DD, such as 2027-12-31."
        raise RefusedError("until_invalid", detail) from None


def people_of(rows: Sequence[PersonRow], report: Callable[[RowFault], None]) -> Sequence[Sequence[PersonRow]]:
    """The rows of each person together: those with one e-mail address, whatever its case, are one.

    Where they do not agree on who that is, or name a place twice, it is reported.
    """
    people: dict[str, list[PersonRow]] = {}
    for row in rows:
        people.setdefault(row.invitee.email.casefold(), []).append(row)
    for own in people.values():
        if len(own) > 1:
            for fault in _contradictions(own):
                report(fault)
    return list(people.values())


def _contradictions(rows: Sequence[PersonRow]) -> Iterator[RowFault]:
    first, places = rows[0], {(rows[0].access.tin, rows[0].access.line): rows[0].number}
    if len(rows) > MOST_PLACES:
        detail = f"One person has at most {MOST_PLACES} rows: invite them in several files."
        yield RowFault(rows[MOST_PLACES].number, "email", "too_many_places", detail)
    for row in rows[1:]:
        for column in ("first_name", "middle_initial", "last_name", "phone", "extension"):
            if getattr(row.invitee, column) != getattr(first.invitee, column):
                detail = f"Row {first.number} has this e-mail address too, and says otherwise."
                yield RowFault(row.number, column, "person_differs", detail)
        earlier = places.setdefault((row.access.tin, row.access.line), row.number)
        if earlier != row.number:
            detail = f"Row {earlier} names this TIN and line for the same person already."
            yield RowFault(row.number, "tin", "place_duplicate", detail)
