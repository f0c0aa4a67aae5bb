"""Tell whether a user ID is free (REG-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.choosing_user_ids import problem_with, suggest
from services.identity.application.ports import Ports, Store
from services.identity.domain.errors import TooManyAttemptsError

_BUDGET = "availability"


@dataclass(frozen=True, slots=True)
class CheckAvailability(Command):
    """A wished user ID as typed; `budgeted` where anybody may ask."""

    user_id: str
    budgeted: bool = True


@dataclass(frozen=True, slots=True)
class Availability:
    """`code` is why not; `suggestions` are three that are free."""

    available: bool
    code: str | None
    suggestions: list[str]


def check_availability(command: CheckAvailability, work: UnitOfWork[Store], ports: Ports) -> Availability:
    """Whether anybody could have it; raises `TooManyAttemptsError` once everybody together asked too often."""
    now = ports.clock.now()
    if command.budgeted:
        budget = ports.rules.availability_budget
        wait = work.writing().budgets.spend(_BUDGET, budget, timedelta(minutes=1), now)
        if wait:
            raise TooManyAttemptsError(wait)
    user_id = fold(command.user_id)
    with work.reading() as store:
        problem = problem_with(user_id, store.user_ids, ports, now)
        suggestions = suggest(user_id, store.user_ids, ports, now) if problem else []
    return Availability(problem is None, problem, suggestions)
