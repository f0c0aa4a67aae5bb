"""The matrix of functions and practices (ENT-7): what it shows, and what a filled-in one wishes.

A form's fields are `level-<column>`, `until-<column>` and `may-<column>` (the functions ticked), where a column's key
is made of its TIN and line; the column for all practices has `level-all` and `all-<function>`, `yes` or `no`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.portal.application.access_calls import Titled
from services.portal.application.access_items import Access, Place
from services.portal.application.invitation_calls import Prepared

PRIMARY: Final = "primary"
PROCESSOR: Final = "processor"
AUDITOR: Final = "auditor"
NONE: Final = "none"
TO_BEGIN_WITH: Final = frozenset({"patient_coverage"})
NOT_GIVEN: Final = "resources"
"""Open to everybody: neither given nor taken (ENT-1)."""


class CellKind(StrEnum):
    """What a cell of the matrix is."""

    CHOICE = "choice"
    BY_LEVEL = "by_level"
    FIXED = "fixed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Column:
    """A place of the matrix: `present` is what the user has there, `giver` what the manager is there.

    `may_give` are the functions that the manager may give and take there, None for every one (ENT-4).
    """

    place: Place
    practice: str | None
    present: Access | None
    giver: str
    may_give: frozenset[str] | None = None
    request_id: str | None = None

    @property
    def key(self) -> str:
        """Its name in the form."""
        return f"{self.place.tin}-{self.place.line}"

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels to choose from; none where what stands is not the manager's to change (`delegation.md`)."""
        if self.giver == PRIMARY:
            return ("primary", "secondary", PROCESSOR, AUDITOR)
        return (PROCESSOR,) if self.present is None or self.present.level == PROCESSOR else ()

    @property
    def present_functions(self) -> frozenset[str]:
        """What the user may do there now."""
        return self.present.functions if self.present else frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen in one column; `until` is the last day, as a form has it."""

    level: str
    functions: frozenset[str]
    until: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The columns, the functions that are their rows, and those that come and go with a level."""

    columns: tuple[Column, ...]
    functions: tuple[Titled, ...]
    levels: tuple[Titled, ...]
    zone: str

    @property
    def bound(self) -> frozenset[str]:
        """The functions that a level fixes."""
        return frozenset[str]().union(*(level.of for level in self.levels))

    @property
    def common_levels(self) -> tuple[Titled, ...]:
        """The levels that can be chosen in every column."""
        return tuple(each for each in self.levels if all(each.code in column.levels for column in self.columns))

    @property
    def rows(self) -> tuple[Titled, ...]:
        """The functions that at least one of the columns has."""
        lines = {column.place.line for column in self.columns}
        return tuple(each for each in self.functions if each.code != NOT_GIVEN and each.of & lines)

    def kind(self, column: Column, function: Titled) -> CellKind:
        """What a cell is."""
        if column.place.line not in function.of:
            return CellKind.ABSENT
        if function.code in self.bound:
            return CellKind.BY_LEVEL
        is_open = bool(column.levels) and (column.may_give is None or function.code in column.may_give)
        return CellKind.CHOICE if is_open else CellKind.FIXED

    def present(self) -> dict[str, Choice]:
        """What stands, by column; where somebody waits and has nothing, what one begins with."""
        return {column.key: self._present(column) for column in self.columns}

    def chosen(self, form: Mapping[str, Sequence[str]]) -> dict[str, Choice]:
        """What a form says, with the column for all practices put over the others."""
        return {column.key: self._chosen(column, form) for column in self.columns}

    def changes(self, choices: Mapping[str, Choice]) -> list[dict[str, Any]]:
        """The wishes for the API: only where something differs from what stands.

        Raises `ValueError` for a day that is none.
        """
        found = (self._change(column, choices[column.key]) for column in self.columns)
        return [change for change in found if change is not None]

    def _present(self, column: Column) -> Choice:
        present = column.present
        if present is None:
            return Choice(PROCESSOR, TO_BEGIN_WITH) if column.request_id else Choice(NONE, frozenset())
        return Choice(present.level, present.functions, _last_day(present.until, self.zone))

    def _chosen(self, column: Column, form: Mapping[str, Sequence[str]]) -> Choice:
        if not column.levels:
            return self._present(column)
        level = _first(form, "level-all") or _first(form, f"level-{column.key}") or NONE
        ticked = set(form.get(f"may-{column.key}", ()))
        for function in self.functions:
            wish = _first(form, f"all-{function.code}")
            if wish:
                (ticked.add if wish == "yes" else ticked.discard)(function.code)
        chosen = {each.code for each in self.functions if self._counts(column, each, ticked)}
        return Choice(level, frozenset(chosen), _first(form, f"until-{column.key}"))

    def _counts(self, column: Column, function: Titled, ticked: set[str]) -> bool:
        kind = self.kind(column, function)
        if kind is CellKind.FIXED:
            return function.code in column.present_functions
        return kind is CellKind.CHOICE and function.code in ticked

    def _change(self, column: Column, choice: Choice) -> dict[str, Any] | None:
        present, where = column.present, {"tin": column.place.tin, "line": column.place.line}
        if not column.levels or (present is None and choice.level == NONE):
            return None
        if choice.level == NONE:
            return {**where, "level": None, "functions": []}
        functions = frozenset[str]() if choice.level == AUDITOR else choice.functions - self.bound
        until = self._until(choice, present)
        is_same = present and (present.level, present.functions - self.bound) == (choice.level, functions)
        if is_same and not until:
            return None
        return {**where, "level": choice.level, "functions": sorted(functions), **until}

    def _until(self, choice: Choice, present: Access | None) -> dict[str, Any]:
        """Nothing where the end stays as it is, to the minute."""
        if choice.until == _last_day(present.until if present else None, self.zone):
            return {}
        if not choice.until:
            return {"until": None}
        after = date.fromisoformat(choice.until) + timedelta(days=1)
        return {"until": datetime.combine(after, time.min, ZoneInfo(self.zone)).isoformat()}


def to_begin_with(matrix: Matrix) -> dict[str, Choice]:
    """What stands for somebody new: patient coverage, as processor where there is but one place to choose."""
    level = PROCESSOR if len(matrix.columns) == 1 else NONE
    return {
        column.key: Choice(level, TO_BEGIN_WITH if column.may_give is None else TO_BEGIN_WITH & column.may_give)
        for column in matrix.columns
    }


def as_prepared(matrix: Matrix, prepared: Iterable[Prepared]) -> dict[str, Choice]:
    """What stands for somebody who was invited: what is prepared for them."""
    by_place = {each.place: each for each in prepared}
    return {column.key: _prepared(by_place.get(column.place), matrix.zone) for column in matrix.columns}


def _prepared(one: Prepared | None, zone: str) -> Choice:
    if one is None:
        return Choice(NONE, frozenset())
    return Choice(one.level, frozenset(one.functions), _last_day(one.until, zone))


def _last_day(until: datetime | None, zone: str) -> str:
    """The last day on which access holds, as a form has it."""
    if until is None:
        return ""
    return (until.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date().isoformat()


def _first(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "")
