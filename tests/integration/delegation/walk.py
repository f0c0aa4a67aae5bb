"""A random walk: what all its paths have in common, and what must hold wherever it has come to (GO-2, ENT-3, ENT-4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Final

from werkzeug.test import TestResponse

from services.entitlements.application.seed_access import Seed
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line
from services.entitlements.domain.places import Place as Where
from tests.integration.delegation.books import ABOUT_THE_GIVER, KEEP, Books, Cell, Held, Key, Place, Wished, of_line
from tests.integration.delegation.offices import Offices

MOST: Final = 3
"""How many managers a TIN may have in these tests."""

CODES: Final = ("claim_status", "fee_schedule", "precert_submit", "eft_view", "eft_manage")
LEVELS: Final = ("primary", "secondary", "processor", "auditor")
AGENTS: Final = ("support1", "support2")
_NUMBERS = count(1)
_PATHS: dict[str, tuple[int, Callable[[Any], object]]] = {}

Step = Callable[[Any, Random], None]


def path(often: int, *, when: Callable[[Any], object] = lambda _: True) -> Callable[[Step], Step]:
    """A step that can be taken `when` this holds, and is so often as likely as others."""

    def marked(step: Step) -> Step:
        _PATHS[step.__name__] = (often, when)
        return step

    return marked


class Walk:
    """Some people at two practices, of which one has two lines of business; and what the rules say of them.

    `done` counts how often each step was taken, and how it was answered. Nothing depends on anything but `chance`.
    """

    def __init__(self, offices: Offices, done: Counter[str], chance: Random) -> None:
        self.offices, self.done, self.chance = offices, done, chance
        number = next(_NUMBERS)
        self.people = [f"p{number:04d}.{each}" for each in "abcdefg"]
        self.agents = [f"{agent}.{number:04d}" for agent in AGENTS]
        both, one = f"6{number:08d}", f"7{number:08d}"
        self.places: list[Place] = [(both, "medical"), (both, "behavioral"), (one, "medical")]
        self.versions = Counter({both: 1, one: 1})
        self.lines = {both: {"medical", "behavioral"}, one: {"medical"}}
        self.step, self.by_people = "begin", False
        self.books = Books(
            now=self.offices.entitlements.clock.now(),
            most=MOST,
            accounts=dict.fromkeys([*self.people, *self.agents], "active"),
        )
        for tin, lines in self.lines.items():
            self.offices.entitlements.practice(tin, "A practice", *sorted(lines))
        for user in (*self.people, *self.agents):
            self.offices.entitlements.account(user)
        self._settle_in(chance)
        self.before = self.offices.held(self.tins)
        self.check()

    def go(self, steps: int) -> None:
        """So many steps; after each it is looked at what has come of it."""
        for _ in range(steps):
            possible = {name: often for name, (often, when) in _PATHS.items() if when(self)}
            names = sorted(possible)
            (name,) = self.chance.choices(names, [possible[each] for each in names])
            getattr(self, name)(self.chance)
            self.check()

    def _settle_in(self, chance: Random) -> None:
        """Managers first; all others by chance."""
        wishes = [Wished(self.people[0], place, "primary", self.codes(chance, place[1]), None) for place in self.places]
        second = self.places[: chance.choice([1, 2, 3])]
        wishes += [Wished(self.people[1], place, "primary", frozenset(), self.end(chance)) for place in second]
        for user in self.people[2:]:
            for place in self.places:
                level = chance.choice([None, "secondary", "secondary", "processor", "auditor"])
                if level is not None:
                    until = self.end(chance) if chance.random() < 0.3 else None
                    wishes.append(Wished(user, place, level, self.codes(chance, place[1]), until))
        self.offices.entitlements.seed(*map(seed, wishes))
        self.books.make("system:test", wishes)
        self.offices.settle()

    @property
    def tins(self) -> list[str]:
        return sorted(self.lines)

    # What chance decides

    def codes(self, chance: Random, line: str | None = None) -> frozenset[str]:
        possible = sorted(set(CODES) & of_line(line)) if line else CODES
        return frozenset(chance.sample(possible, chance.choice([0, 1, 2, 2, len(possible)])))

    def giver(self, chance: Random, place: Place | None = None) -> str:
        """Mostly somebody who may do something there, or who could, were nothing suspended or over."""
        places = {place} if place else set(self.places)
        able = [user for user in self.people if places & self.books.administers(user)]
        kinds = [able, self._thwarted(places), self.people]
        return chance.choice(chance.choices(kinds, [13, 4, 3])[0] or self.people)

    def _thwarted(self, places: set[Place]) -> list[str]:
        """Those who administer there but for what is suspended or over."""
        return sorted(
            {
                user
                for (user, place), held in self.books.held.items()
                if place in places and user in self.people and held.level in {"primary", "secondary"}
                if held.withheld or self.books.row(user, place) == "nobody"
            }
        )

    def wish(self, chance: Random, user: str, place: Place) -> Wished:
        """Mostly a little other than what is."""
        held = self.books.stands(user, place)
        level: str | None
        if held is not None and held.withheld and chance.random() < 0.6:
            level, functions = "secondary", held.functions
        elif held is not None and chance.random() < 0.5:
            level, functions = held.level, held.functions ^ frozenset(chance.sample(CODES, chance.choice([0, 1])))
        else:
            level = chance.choice([None, *LEVELS, "processor"])
            functions = self.codes(chance, place[1] if chance.random() < 0.8 else None)
            if level == "auditor" and chance.random() < 0.8:
                functions = frozenset()
        if chance.random() < 0.05:
            functions |= {"delegate_access"}
        until = self.end(chance) if chance.random() < 0.35 else KEEP
        return Wished(user, place, level, functions if level else frozenset(), until)

    def end(self, chance: Random) -> datetime | None:
        days = chance.choice([None, 3, 10, 40])
        return self.books.now.replace(microsecond=0) + timedelta(days=days) if days else None

    def prepared(self, chance: Random, giver: str) -> list[Wished]:
        """Access for somebody who is nobody yet, mostly where the giver administers."""
        own = sorted(self.books.administers(giver)) if chance.random() < 0.8 else []
        places = own or self.places
        found = []
        for place in chance.sample(places, min(len(places), chance.choice([1, 1, 2]))):
            level = chance.choice(["processor", "processor", *LEVELS])
            held = sorted(self.books.holds(giver, place) & set(CODES)) or sorted(set(CODES) & of_line(place[1]))
            codes = (
                chance.sample(held, chance.choice([0, 1, len(held)])) if chance.random() < 0.7 else self.codes(chance)
            )
            until = self.end(chance) if chance.random() < 0.3 else None
            found.append(Wished("", place, level, frozenset(codes if level != "auditor" else ()), until))
        return found

    # What comes of it

    def accepted(self, answer: TestResponse, cells: Iterable[Cell], *, of_many: bool = False) -> bool:
        """Whether it was done; it was, if and only if no rule forbids it, and each cell is named that one does."""
        expected = {(user if of_many else None, place, function, code) for user, place, function, code in cells}
        if not expected:
            self.counted(answer, 200, 201)
            return True
        told = answer.get_json()
        named = {
            (each.get("user_id"), (each["tin"], each["line"]), each.get("function"), each["code"])
            for each in told.get("violations", ())
        }
        assert named == expected, (answer.status_code, told, sorted(expected, key=repr))
        forbidden = any(code in ABOUT_THE_GIVER for *_, code in expected)
        self.counted(answer, 403 if forbidden else 409)
        return False

    def counted(self, answer: TestResponse, *statuses: int) -> None:
        """It was answered so."""
        assert answer.status_code in statuses, (statuses, answer.status_code, answer.get_json())
        self.done[f"{self.step} {answer.status_code}"] += 1

    def take(self, step: str, *, by_people: bool = True) -> None:
        """The step that is taken next."""
        self.step, self.by_people = step, by_people

    # What must hold

    def noted_requests(self, expected: set[Key]) -> None:
        """Requests of these people at these places have opened: their IDs stand in the table alone."""
        found = {
            each: asked for each, asked in self.offices.requests(self.tins).items() if each not in self.books.requests
        }
        assert {(each.user, each.place) for each in found.values()} == expected
        self.books.requests |= dict(sorted(found.items(), key=lambda each: (each[1].user, each[1].place)))

    def check(self) -> None:
        """The tables say what the books say, and nobody has what nobody could give."""
        self.books.now = self.offices.entitlements.clock.now()
        held = self.offices.held(self.tins)
        now = {key: each for key, each in held.items() if each.until is None or each.until > self.books.now}
        assert now == self.books.standing(), (self.step, differences(now, self.books.standing()))
        requests = self.offices.requests(self.tins)
        assert requests == self.books.requests, (self.step, differences(requests, self.books.requests))
        assert not [each for each in requests.values() if each.by == each.user], "nobody approves their own request"
        self._nobody_holds_what_nobody_can_give(now)
        if self.by_people:
            self._no_line_lost_its_last_manager(now)
        self.before = now

    def _nobody_holds_what_nobody_can_give(self, held: dict[Key, Held]) -> None:
        for (user, place), each in held.items():
            administers = each.level in {"primary", "secondary"}
            assert each.functions <= of_line(place[1])
            assert ("delegate_access" in each.functions) is administers
            assert ("history_report" in each.functions) is (administers or each.level == "auditor")
            assert each.level != "auditor" or each.functions == {"history_report"}
            is_new = (user, place) not in self.before
            assert not (self.by_people and is_new and each.by == user), "nobody lets themselves in"
        for tin in self.tins:
            managers = {user for (user, place), each in held.items() if place[0] == tin and each.level == "primary"}
            assert len(managers) <= MOST

    def _no_line_lost_its_last_manager(self, held: dict[Key, Held]) -> None:
        """Whatever people do, one stays who can (ENT-3)."""
        still = {place for (_, place), each in held.items() if each.lasts}
        assert {place for (_, place), each in self.before.items() if each.lasts and place in still} == {
            place for (_, place), each in self.before.items() if each.lasts
        }


def seed(wished: Wished) -> Seed:
    """What an operator puts in place."""
    assert wished.level is not None
    assert not isinstance(wished.until, str)
    tin, line = wished.place
    return Seed(wished.user, Where(tin, Line(line)), Grant.of(Level(wished.level), wished.functions, wished.until))


def plain(wished: Wished) -> dict[str, Any]:
    """A wish as calls have it."""
    tin, line = wished.place
    until = {} if isinstance(wished.until, str) else {"until": wished.until.isoformat() if wished.until else None}
    return {"tin": tin, "line": line, "level": wished.level, "functions": sorted(wished.functions), **until}


def differences(one: dict[Any, Any], other: dict[Any, Any]) -> Sequence[tuple[Any, Any, Any]]:
    """Where two books differ, for whoever reads why a test failed."""
    keys = sorted(one.keys() | other.keys(), key=repr)
    return [(key, one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)]
