"""The matrix for several users at once: how many of them may do what where, and what a filled-in one wishes (ENT-7).

A form's fields are `level-<column>`, `until-<column>` and `may-<column>-<function>` (`give` or `take`); the column for
all practices has `level-all` and `may-all-<function>`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.portal.application.access_calls import Titled
from services.portal.application.access_items import Access, Place, User
from services.portal.application.matrix import NOT_GIVEN, PRIMARY, PROCESSOR

GIVE: Final = "give"
TAKE: Final = "take"
NO_LEVEL: Final = "none"
NO_ADMINISTRATOR: Final = "lowered"
DELEGATE: Final = "delegate_access"

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BulkColumn:
    """A place: what the selected users have there, what the manager is there, and what they may give (None: all)."""

    place: Place
    practice: str | None
    present: tuple[Access, ...]
    giver: str
    may_give: frozenset[str] | None = None

    @property
    def key(self) -> str:
        """Its name in the form."""
        return f"{self.place.tin}-{self.place.line}"

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that the manager may give (`delegation.md`)."""
        return ("primary", "secondary", PROCESSOR, "auditor") if self.giver == PRIMARY else (PROCESSOR,)

    @property
    def by_level(self) -> Mapping[str, int]:
        """How many of the users have which level."""
        return Counter(access.level for access in self.present)

    def have(self, function: str) -> int:
        """How many of the users may do this."""
        return sum(function in access.functions for access in self.present)


@dataclass(frozen=True, slots=True)
class BulkMatrix:
    """The columns, the functions that are their rows, and the levels."""

    columns: tuple[BulkColumn, ...]
    functions: tuple[Titled, ...]
    levels: tuple[Titled, ...]
    people: int
    zone: str

    @property
    def rows(self) -> tuple[Titled, ...]:
        """The functions that are given one by one and that at least one of the columns has."""
        bound = frozenset[str]().union(*(level.of for level in self.levels))
        lines = {column.place.line for column in self.columns}
        return tuple(
            each for each in self.functions if each.code != NOT_GIVEN and each.code not in bound and each.of & lines
        )

    @property
    def common_levels(self) -> tuple[Titled, ...]:
        """The levels that can be given in every column."""
        return tuple(each for each in self.levels if all(each.code in column.levels for column in self.columns))

    def is_open(self, column: BulkColumn, function: Titled) -> bool:
        """Whether the manager may give and take it there."""
        return column.place.line in function.of and (column.may_give is None or function.code in column.may_give)

    def wishes(self, form: Form) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What is to be added and removed, for the API; raises `ValueError` for a day that is none."""
        add, remove = [], []
        for column in self.columns:
            where: dict[str, Any] = {"tin": column.place.tin, "line": column.place.line}
            level = form.get("level-all") or form.get(f"level-{column.key}") or ""
            gain = self._gain(column, form, level)
            taken = sorted(self._marked(column, form, TAKE))
            if level == NO_LEVEL:
                remove.append(where)
                continue
            if level == NO_ADMINISTRATOR:
                taken.append(DELEGATE)
            if taken:
                remove.append({**where, "functions": taken})
            if gain:
                add.append({**where, **gain})
        return add, remove

    def _gain(self, column: BulkColumn, form: Form, level: str) -> dict[str, Any]:
        gain: dict[str, Any] = {
            "functions": sorted(self._marked(column, form, GIVE)),
            "level": level if level in column.levels else None,
            "until": _end(form.get(f"until-{column.key}", ""), self.zone),
        }
        return {name: value for name, value in gain.items() if value}

    def _marked(self, column: BulkColumn, form: Form, mark: str) -> Iterator[str]:
        for function in self.rows:
            chosen = form.get(f"may-all-{function.code}") or form.get(f"may-{column.key}-{function.code}")
            if chosen == mark and self.is_open(column, function):
                yield function.code


def columns_of(
    users: Sequence[User], places: Sequence[tuple[Place, str | None, str]], mine: Mapping[Place, frozenset[str]]
) -> tuple[BulkColumn, ...]:
    """A column for each of these places (with practice and the manager's level), and what the users have there."""
    return tuple(
        BulkColumn(
            place,
            practice,
            tuple(
                access for user in users for access in user.access if access.place == place and access.state != "ended"
            ),
            giver,
            None if giver == PRIMARY else mine.get(place, frozenset()),
        )
        for place, practice, giver in places
    )


def _end(day: str, zone: str) -> str | None:
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time.min, ZoneInfo(zone)).isoformat()
