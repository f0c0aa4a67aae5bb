"""What the rule engine says: what would happen, and every cell in which a rule forbids it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.entitlements.domain.grants import Grant
from services.entitlements.domain.places import Place


class Code(StrEnum):
    """The stable words for what a rule forbids."""

    NOT_YOURS_TO_GIVE = "not_yours_to_give"
    OWN_LEVEL_UPWARD = "own_level_upward"
    OWN_UNTIL_LATER = "own_until_later"
    OWN_REQUEST = "own_request"
    FUNCTION_NOT_IN_LINE = "function_not_in_line"
    FUNCTION_NOT_IN_LEVEL = "function_not_in_level"
    LAST_MANAGER = "last_manager"
    TOO_MANY_MANAGERS = "too_many_managers"

    @property
    def forbids(self) -> bool:
        """Whether it is about who wishes it; else it is about what is wished, whoever does."""
        return self in _ABOUT_THE_GIVER


_ABOUT_THE_GIVER = frozenset({Code.NOT_YOURS_TO_GIVE, Code.OWN_LEVEL_UPWARD, Code.OWN_UNTIL_LATER, Code.OWN_REQUEST})


@dataclass(frozen=True, slots=True)
class Violation:
    """One cell of the matrix of one person that a rule forbids; `function` None is the level's own cell."""

    subject: str
    place: Place
    code: Code
    detail: str
    function: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one person's access at one place; `approves` says that their open request is decided by it."""

    subject: str
    place: Place
    before: Grant | None
    after: Grant | None
    approves: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The effects of all wishes together, to be had as a whole and only if there are no violations."""

    effects: tuple[Effect, ...]
    violations: tuple[Violation, ...]

    def of(self, subject: str) -> Judgement:
        """What of it is about one person; whether it may be is still for all of it to say."""
        return Judgement(
            tuple(effect for effect in self.effects if effect.subject == subject),
            tuple(violation for violation in self.violations if violation.subject == subject),
        )
