"""`delegation.md` over whole histories, said a second time on plain books: nothing here is shared with the services.

Each cell is judged by `tests.unit.entitlements.delegation_table`; here stand who is seen, what a change of many comes
to together, and what becomes of access (ENT-2 to ENT-5, ENT-8, ENT-11, ENT-13, ENT-14, REG-12 to REG-14, GO-2).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from tests.unit.entitlements.delegation_table import BOUND, HELD_BY, Case, forbidden

Place = tuple[str, str]
Key = tuple[str, Place]
Cell = tuple[str, Place, str | None, str]
"""Whose, where, which function (None for the level), and the rule's code."""

KEEP: Final = "as it is"
HEIGHT: Final = {"processor": 1, "secondary": 2, "primary": 3}
ABOUT_THE_GIVER: Final = {"not_yours_to_give", "own_level_upward", "own_until_later", "own_request"}
_NUMBERS = count(1)


def _functions() -> dict[str, tuple[set[str], bool]]:
    path = Path(__file__).parents[3] / "docs" / "spec" / "functions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: (set(row["lines"].split(";")), row["sensitive"] == "yes")
            for row in csv.DictReader(file)
            if row["code"] != "resources"
        }


FUNCTIONS: Final = _functions()
SENSITIVE: Final = {code for code, (_, sensitive) in FUNCTIONS.items() if sensitive}


def of_line(line: str) -> set[str]:
    return {code for code, (lines, _) in FUNCTIONS.items() if line in lines}


@dataclass(frozen=True)
class Held:
    """What somebody has somewhere, and who gave it so; `number` is another one after each change by anybody."""

    level: str
    functions: frozenset[str]
    until: datetime | None = None
    causes: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    by: str = ""
    number: int = field(default_factory=lambda: next(_NUMBERS), compare=False)

    @property
    def grant(self) -> tuple[str, frozenset[str], datetime | None]:
        return self.level, self.functions, self.until

    @property
    def lasts(self) -> bool:
        """Whether it keeps a line from having no manager (ENT-3)."""
        return self.level == "primary" and self.until is None and not self.causes


@dataclass(frozen=True)
class Wished:
    """What somebody's access is to be; level None wishes it away."""

    user: str
    place: Place
    level: str | None
    functions: frozenset[str] = frozenset()
    until: datetime | str | None = KEEP


@dataclass
class Asked:
    """A request; `by` is who approved it."""

    user: str
    place: Place
    state: str = "waiting"
    by: str | None = None


@dataclass
class Books:
    """Who has what where, and who waits, at `now`."""

    now: datetime
    most: int
    accounts: dict[str, str]
    held: dict[Key, Held] = field(default_factory=dict)
    had: set[Key] = field(default_factory=set)
    requests: dict[str, Asked] = field(default_factory=dict)

    # What is

    def stands(self, user: str, place: Place) -> Held | None:
        """What there is, suspended or not, unless its own end has come."""
        found = self.held.get((user, place))
        return None if found is None or (found.until is not None and found.until <= self.now) else found

    def row(self, user: str, place: Place) -> str:
        """The row of the table: what is suspended or over is not held (ENT-14)."""
        found = self.stands(user, place)
        return found.level if found and not found.causes else "nobody"

    def holds(self, user: str, place: Place) -> set[str]:
        found = self.stands(user, place)
        return set(found.functions - found.withheld) if found and not found.causes else set()

    def administers(self, user: str) -> set[Place]:
        return {place for who, place in self.held if who == user and self.row(user, place) in {"primary", "secondary"}}

    def sees(self, viewer: str, user: str) -> bool:
        """`delegation.md`, 6; oneself everybody sees, and nobody whoever is gone."""
        if viewer == user or self.accounts[user] == "removed":
            return self.accounts[user] != "removed"
        near = {place for who, place in self.had if who == user}
        near |= {each.place for each in self.requests.values() if each.user == user and each.state == "waiting"}
        return bool(near & self.administers(viewer))

    def managers(self, place: Place) -> set[str]:
        return {user for user, where in self.held if where == place and self.row(user, place) == "primary"}

    def waiting(self, user: str, place: Place) -> list[Asked]:
        return [
            each for each in self.requests.values() if (each.user, each.place, each.state) == (user, place, "waiting")
        ]

    def people(self, tin: str) -> set[str]:
        """All who manage any line of it, suspended ones and those with an end included."""
        return self._people(tin, self.standing())

    # What may be

    def forbids(self, giver: str, wishes: Sequence[Wished], *, operates: bool = False) -> set[Cell]:
        """Every cell of these wishes together that a rule forbids the giver."""
        heard = [each for each in wishes if operates or each.place in self.administers(giver)]
        after = self._after(heard)
        found: set[Cell] = set()
        for each in wishes:
            case = self._case(giver, each, after)
            cells = self._impossible(case) if operates else forbidden(case)
            found |= {(each.user, each.place, function, code) for function, code in cells}
        return found | self._too_many(heard, after)

    def _after(self, wishes: Iterable[Wished]) -> dict[Key, Held]:
        after = {key: held for key in self.held if (held := self.stands(*key)) is not None}
        for each in wishes:
            key = (each.user, each.place)
            becomes = self._becomes(each)
            after.pop(key, None)
            if becomes is not None:
                after[key] = becomes
        return after

    def _case(self, giver: str, wished: Wished, after: dict[Key, Held]) -> Case:
        before, becomes = self.stands(wished.user, wished.place), self._becomes(wished)
        key = (wished.user, wished.place)
        disabled = self.accounts.get(wished.user) == "disabled"
        return Case(
            giver=self.row(giver, wished.place),
            giver_holds=self.holds(giver, wished.place),
            own=giver == wished.user,
            level=before.level if before else None,
            holds=set(before.functions) if before else set(),
            ends=_seconds(before.until) if before else 0,
            wished_level=wished.level,
            wished=set(wished.functions),
            wished_end=_seconds(becomes.until) if becomes else 0,
            approves=wished.level is not None and bool(self.waiting(wished.user, wished.place)),
            line_has=of_line(wished.place[1]),
            other_managers=sum(held.lasts for other, held in after.items() if other[1] == key[1] and other != key),
            suspended=disabled or bool(before and before.causes),
        )

    @staticmethod
    def _impossible(case: Case) -> set[tuple[str | None, str]]:
        """What nobody can give, whoever they are."""
        whoever = replace(case, giver="primary", own=False, approves=False)
        return {(function, code) for function, code in forbidden(whoever) if code not in ABOUT_THE_GIVER}

    def _too_many(self, wishes: Iterable[Wished], after: dict[Key, Held]) -> set[Cell]:
        found: set[Cell] = set()
        for each in wishes:
            tin, _ = each.place
            is_new = each.user not in self._people(tin, self._after(()))
            if each.level == "primary" and is_new and len(self._people(tin, after)) > self.most:
                found.add((each.user, each.place, None, "too_many_managers"))
        return found

    @staticmethod
    def _people(tin: str, held: dict[Key, Held]) -> set[str]:
        return {user for (user, place), each in held.items() if place[0] == tin and each.level == "primary"}

    def _becomes(self, wished: Wished) -> Held | None:
        before = self.stands(wished.user, wished.place)
        if wished.level is None:
            return None
        until = (before.until if before else None) if isinstance(wished.until, str) else wished.until
        own = HELD_BY.get(wished.level, set())
        functions = own if wished.level == "auditor" else (set(wished.functions) - BOUND - {"resources"}) | own
        causes = before.causes if before else frozenset()
        if self.accounts.get(wished.user) == "disabled":
            causes |= {"account_disabled"}
        return Held(wished.level, frozenset(functions), until, causes, before.withheld if before else frozenset())

    # What is done

    def make(self, giver: str, wishes: Iterable[Wished]) -> None:
        """It is so from now on; access that is given decides the request for it (`delegation.md`, 8)."""
        for each in wishes:
            key, before, after = (each.user, each.place), self.stands(each.user, each.place), self._becomes(each)
            if after is not None:
                for request in self.waiting(*key):
                    request.state, request.by = "approved", giver
            if before is not None and after is not None and before.grant == after.grant:
                continue
            self.held.pop(key, None)
            if after is not None:
                self.held[key] = replace(after, by=giver)
                self.had.add(key)

    def suspend(self, key: Key, cause: str) -> None:
        held = self.held[key]
        self.held[key] = replace(held, causes=held.causes | {cause})

    def restore(self, key: Key, cause: str) -> None:
        held = self.held[key]
        withheld = frozenset[str]() if cause == "review" else held.withheld
        self.held[key] = replace(held, causes=held.causes - {cause}, withheld=withheld)

    def standing(self) -> dict[Key, Held]:
        return {key: held for key in self.held if (held := self.stands(*key)) is not None}

    # What wishes come to

    def taken_away(self, giver: str, user: str, tin: str | None) -> list[Wished]:
        """ENT-8: what the giver's TINs gave; a secondary administrator takes what they hold from a processor."""
        administered = self.administers(giver)
        wishes = []
        for (who, place), held in sorted(self.standing().items()):
            meant = place in administered or (user == giver and not administered)
            if who != user or not meant or tin not in {None, place[0]}:
                continue
            rest = held.functions - self.holds(giver, place)
            some = self.row(giver, place) == "secondary" and held.level == "processor" and rest < held.functions
            wishes.append(Wished(user, place, held.level, rest) if some and rest else Wished(user, place, None))
        return wishes

    def edited(self, user: str, gains: dict[Place, Wished], losses: dict[Place, Wished]) -> list[Wished]:
        """ENT-6: what is lost goes first; nobody's level sinks by what they gain."""
        wishes = []
        for place in sorted(gains.keys() | losses.keys()):
            held, gain, loss = self.stands(user, place), gains.get(place), losses.get(place)
            level, functions = (held.level, set(held.functions)) if held else (None, set())
            if loss is not None and held is not None and loss.level in {None, held.level}:
                level, functions = _less(held, set(loss.functions))
            if gain is None:
                wishes += [Wished(user, place, level, frozenset(functions))] if held else []
            else:
                level = _at_least(level, gain.level)
                wishes.append(Wished(user, place, level, frozenset(functions | gain.functions), gain.until))
        return wishes

    def joined(self, user: str, prepared: Wished) -> Wished | None:
        """REG-14: what was prepared, besides what there is; None where one access cannot be both."""
        held, until = self.stands(user, prepared.place), prepared.until
        assert not isinstance(until, str)
        assert prepared.level is not None
        if held is None:
            return replace(prepared, user=user)
        if {held.level, prepared.level} == {"processor", "auditor"}:
            return None
        height = {"auditor": 1} | HEIGHT
        level = max(prepared.level, held.level, key=lambda each: height[each])
        both = Wished(user, prepared.place, level, prepared.functions | held.functions)
        has_all = level == prepared.level and held.functions - BOUND <= prepared.functions
        has_no_more = level == held.level and prepared.functions - BOUND <= held.functions
        if has_all and _later(until, held.until):
            return replace(both, until=until)
        if has_no_more or until == held.until:
            return replace(both, until=held.until)
        return None


def _less(held: Held, taken: set[str]) -> tuple[str | None, set[str]]:
    """What stays: without functions a processor has nothing, without the delegate function nobody administers."""
    if not taken:
        return None, set()
    if held.level == "auditor":
        return (None, set()) if "history_report" in taken else ("auditor", set(held.functions))
    if held.level == "processor":
        rest = set(held.functions) - taken
        return ("processor", rest) if rest else (None, set())
    if "delegate_access" in taken:
        return "processor", set(held.functions) - taken - BOUND
    return held.level, (set(held.functions) - taken) | BOUND


def _at_least(level: str | None, wished: str | None) -> str:
    if wished is None:
        return level or "processor"
    if level in HEIGHT and HEIGHT.get(wished, 0) < HEIGHT[level]:
        return level
    return wished


def _later(one: datetime | None, other: datetime | None) -> bool:
    """Whether one ends when the other does, or after it."""
    return one == other or (other is not None and (one is None or one > other))


def _seconds(until: datetime | None) -> int:
    return int(until.timestamp()) if until else 0
