"""May this user do this here now? And why, or why not (ENT-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.entitlements.domain.access import AccessState, Standing
from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.levels import RESOURCES
from services.entitlements.domain.people import AccountState
from services.entitlements.domain.places import Line, Place


class Reason(StrEnum):
    """The stable words for why."""

    GRANTED = "granted"
    FUNCTION_UNKNOWN = "function_unknown"
    USER_UNKNOWN = "user_unknown"
    NOT_CONFIRMED = "not_confirmed"
    LINE_NOT_OFFERED = "line_not_offered"
    FUNCTION_NOT_IN_LINE = "function_not_in_line"
    NO_ACCESS = "no_access"
    ACCESS_ENDED = "access_ended"
    SUSPENDED = "suspended"
    NOT_GRANTED = "not_granted"


@dataclass(frozen=True, slots=True)
class Question:
    """May `user_id` do `function` at `place`? Only for `resources` does the place not matter and may be None."""

    user_id: str
    function: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known about the user of a question and about its place.

    `account` is None for nobody known, `lines` for a practice that the directory lacks. `standing` is what stands open
    there, a lapsed one included; `had_access` whether there was any before.
    """

    account: AccountState | None
    lines: frozenset[Line] | None
    standing: Standing | None
    had_access: bool


def answer(question: Question, known: Knowledge, catalogue: Catalogue, now: datetime) -> Reason:
    """Why, or why not; it is allowed if, and only if, the reason is `granted`."""
    if question.function not in catalogue:
        return Reason.FUNCTION_UNKNOWN
    if known.account is None:
        return Reason.USER_UNKNOWN
    if known.account is not AccountState.ACTIVE:
        return Reason.NOT_CONFIRMED
    if question.function == RESOURCES:
        return Reason.GRANTED
    if question.place is None:
        return Reason.NO_ACCESS
    return _at(question.place, question.function, known, catalogue, now)


def _at(place: Place, function: str, known: Knowledge, catalogue: Catalogue, now: datetime) -> Reason:
    if known.lines is not None and place.line not in known.lines:
        return Reason.LINE_NOT_OFFERED
    if not catalogue.offers(function, place.line):
        return Reason.FUNCTION_NOT_IN_LINE
    if known.standing is None:
        return Reason.ACCESS_ENDED if known.had_access else Reason.NO_ACCESS
    state = known.standing.state(now)
    if state is AccessState.ENDED:
        return Reason.ACCESS_ENDED
    if state is AccessState.SUSPENDED or function in known.standing.functions & known.standing.withheld:
        return Reason.SUSPENDED
    return Reason.GRANTED if function in known.standing.functions else Reason.NOT_GRANTED
