"""How unusual a sign-in is: a sum of named signals, each of which can be told (IDN-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.identity.domain.devices import Whereabouts


class Signal(StrEnum):
    """What is unusual."""

    NEW_COUNTRY = "new_country"
    NEW_NETWORK = "new_network"
    NEW_BROWSER = "new_browser"
    MANY_FAILURES = "many_failures"
    LONG_ABSENCE = "long_absence"


class Trait(StrEnum):
    """What of a sign-in is remembered, to know it again."""

    BROWSER = "browser"
    NETWORK = "network"
    COUNTRY = "country"


WEIGHTS: Mapping[Signal, int] = {
    Signal.NEW_COUNTRY: 60,
    Signal.NEW_NETWORK: 25,
    Signal.NEW_BROWSER: 60,
    Signal.MANY_FAILURES: 40,
    Signal.LONG_ABSENCE: 30,
}

_NEW: Mapping[Trait, Signal] = {
    Trait.COUNTRY: Signal.NEW_COUNTRY,
    Trait.NETWORK: Signal.NEW_NETWORK,
    Trait.BROWSER: Signal.NEW_BROWSER,
}


@dataclass(frozen=True, slots=True)
class RiskRules:
    """From which sum on a second step is asked for on a trusted device, and what counts as many and as long."""

    threshold: int = 50
    weights: Mapping[Signal, int] = field(default_factory=lambda: WEIGHTS)
    many_failures: int = 3
    long_absence: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Risk:
    """A score with what it is the sum of."""

    score: int = 0
    reasons: tuple[Signal, ...] = ()


NO_RISK = Risk()


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of an account's sign-ins so far: each trait's values, when the last one was, and the failures
    since then.
    """

    known: Mapping[Trait, frozenset[str]]
    last_at: datetime | None
    failures: int


def traits_of(whereabouts: Whereabouts) -> dict[Trait, str]:
    """What can be remembered of it."""
    found = {
        Trait.BROWSER: whereabouts.browser.family,
        Trait.NETWORK: whereabouts.network,
        Trait.COUNTRY: whereabouts.country,
    }
    return {trait: value for trait, value in found.items() if value is not None}


def assess(whereabouts: Whereabouts, habits: Habits, now: datetime, rules: RiskRules) -> Risk:
    """The risk of a sign-in whose password was right; a trait of which nothing is known yet is no news."""
    reasons = [*_new(whereabouts, habits)]
    if habits.failures >= rules.many_failures:
        reasons.append(Signal.MANY_FAILURES)
    if habits.last_at is not None and habits.last_at + rules.long_absence <= now:
        reasons.append(Signal.LONG_ABSENCE)
    return Risk(sum(rules.weights[each] for each in reasons), tuple(reasons))


def _new(whereabouts: Whereabouts, habits: Habits) -> Iterable[Signal]:
    values = traits_of(whereabouts)
    for trait, signal in _NEW.items():
        known = habits.known.get(trait, frozenset())
        if known and trait in values and values[trait] not in known:
            yield signal
