"""Short words for the rule engine's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.entitlements.adapters.csv_catalogue import read_catalogue
from services.entitlements.domain.changes import Change, Keep, Wish
from services.entitlements.domain.delegation import judge
from services.entitlements.domain.givers import Giver
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.judgement import Judgement
from services.entitlements.domain.levels import Level
from services.entitlements.domain.manager_limits import Managers
from services.entitlements.domain.places import Line, Place

DATA = Path(__file__).parents[3] / "services" / "entitlements" / "data"
CATALOGUE = read_catalogue(DATA / "functions.csv")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERE = Place("123456789", Line.MEDICAL)
THERE = Place("123456789", Line.BEHAVIORAL)
ELSEWHERE = Place("223344556", Line.MEDICAL)


def day(number: int) -> datetime | None:
    """A day from now on; 0 stands for no end."""
    return NOW + timedelta(days=number) if number else None


def grant(level: str, *functions: str, until: int = 0) -> Grant:
    return Grant.of(Level(level), functions, day(until))


def giver(level: str | None, *functions: str, user: str = "giver", place: Place = HERE) -> Giver:
    return Giver(user, {place: grant(level, *functions)} if level else {})


def support(place: Place = HERE, user: str = "support1") -> Giver:
    return Giver(user, {}, frozenset({place}))


def wish(level: str | None, *functions: str, place: Place = HERE, until: int | None = None) -> Wish:
    end = Keep.UNTIL if until is None else day(until)
    return Wish(place, Level(level) if level else None, frozenset(functions), end)


def change(
    wished: Wish,
    before: Grant | None = None,
    *,
    subject: str = "someone",
    approves: bool = False,
    suspended: bool = False,
) -> Change:
    return Change(subject, wished, before, approves, suspended)


def managers(*users: str, place: Place = HERE, passing: tuple[str, ...] = ()) -> Managers:
    """`users` manage the place without an end, `passing` with one or suspended."""
    return Managers({place: frozenset((*users, *passing))}, {place: frozenset(users)})


def judged(who: Giver, *changes: Change, known: Managers | None = None, most: int = 15) -> Judgement:
    return judge(who, changes, known or managers("giver", "other"), CATALOGUE, most_managers=most)


def cells(judgement: Judgement) -> set[tuple[str | None, str]]:
    """What is forbidden, as pairs of function (None for the level) and code."""
    return {(violation.function, str(violation.code)) for violation in judgement.violations}
