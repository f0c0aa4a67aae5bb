"""Whoever wishes a change, with what they hold themselves while it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import DELEGATE, Level
from services.entitlements.domain.places import Place
from services.entitlements.domain.powers import CASE, NOBODY, OPERATOR, POWERS, Functions, Powers


@dataclass(frozen=True, slots=True)
class Giver:
    """A giver's standing: what they hold now, per place; what is suspended or over does not count (ENT-14).

    `cases` are the places for which a second support agent has confirmed an outreach case of this one (REG-13). An
    operator puts access in place before there is anybody who could give it (OPS-1).
    """

    user_id: str
    standing: Mapping[Place, Grant]
    cases: frozenset[Place] = frozenset()
    is_operator: bool = False

    def powers_at(self, place: Place) -> Powers:
        """The giver's row of the table for this place."""
        if self.is_operator:
            return OPERATOR
        if place in self.cases:
            return CASE
        held = self.standing.get(place)
        return POWERS[held.level] if held else NOBODY

    def may_give(self, level: Level, place: Place) -> bool:
        """Whether the giver may give this level there, and so change and take it away."""
        return level in self.powers_at(place).gives

    def may_touch(self, function: str, place: Place) -> bool:
        """Whether the giver may give this function there, and so take it away."""
        scope = self.powers_at(place).functions
        if scope is Functions.HELD:
            return function != DELEGATE and function in self.standing[place].functions
        return scope is Functions.EVERY

    def has_say_at(self, place: Place) -> bool:
        """Whether the giver can change anything at all there."""
        powers = self.powers_at(place)
        return powers.administers or powers.appoints

    @property
    def administered(self) -> frozenset[Place]:
        """The places where the giver administers."""
        return frozenset(place for place in self.standing if self.powers_at(place).administers)
