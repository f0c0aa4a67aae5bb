"""One edit of many people (ENT-6): what each of them is to gain and to lose, beside what they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.entitlements.domain.changes import Keep, Wish
from services.entitlements.domain.grants import Grant, functions_of, level_of
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Place

_HEIGHT = {Level.PROCESSOR: 1, Level.SECONDARY: 2, Level.PRIMARY: 3}


@dataclass(frozen=True, slots=True)
class Gain:
    """Functions to be added at a place to what somebody has.

    Nobody's level sinks by it: `level` is what they are to be at least, None whatever they are, a processor where
    they have nothing. An auditor, who holds nothing else, steps aside.
    """

    place: Place
    functions: frozenset[str] = frozenset()
    level: Level | None = None
    until: datetime | Keep | None = Keep.UNTIL


@dataclass(frozen=True, slots=True)
class Loss:
    """Functions to be taken away at a place, or all access there where none is named; of this level's people alone,
    where one is.
    """

    place: Place
    functions: frozenset[str] = frozenset()
    level: Level | None = None

    def left_of(self, before: Grant | None) -> Grant | None:
        """What stays of a grant."""
        if before is None or self.level not in {None, before.level}:
            return before
        return before.without(self.functions) if self.functions else None


@dataclass(frozen=True, slots=True)
class Edit:
    """Gains and losses, at most one of each at a place; what is lost is lost first."""

    gains: Mapping[Place, Gain]
    losses: Mapping[Place, Loss]

    @property
    def places(self) -> frozenset[Place]:
        """Where it is about anything."""
        return frozenset(self.gains) | frozenset(self.losses)

    def wishes(self, present: Mapping[Place, Grant]) -> tuple[Wish, ...]:
        """What it wishes for somebody who has this; nothing where they have nothing to lose."""
        wishes = (self._wish(place, present.get(place)) for place in sorted(self.places))
        return tuple(wish for wish in wishes if wish is not None)

    def _wish(self, place: Place, before: Grant | None) -> Wish | None:
        gain, loss = self.gains.get(place), self.losses.get(place)
        left = loss.left_of(before) if loss else before
        if gain is None:
            return Wish(place, level_of(left), functions_of(left)) if before else None
        level = _raised(level_of(left), gain.level)
        return Wish(place, level, functions_of(left) | gain.functions, gain.until)


def _raised(present: Level | None, wished: Level | None) -> Level:
    if wished is None:
        return present or Level.PROCESSOR
    if present in _HEIGHT and (wished is Level.AUDITOR or _HEIGHT[wished] < _HEIGHT[present]):
        return present
    return wished
