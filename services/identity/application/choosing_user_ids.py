"""Whether a user ID is free, and which others are (REG-6)."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from services.identity.application.ports import Ports
from services.identity.application.repositories import UserIds
from services.identity.domain.user_ids import SUGGESTIONS, UserIdProblem, problem_of, suggestions_for

_AT_ONCE = 12
_MOST_ROUNDS = 5


def problem_with(
    user_id: str, user_ids: UserIds, ports: Ports, now: datetime, holder: str | None = None
) -> UserIdProblem | None:
    """Why nobody, or nobody but `holder`, can have this folded user ID; None where it is free."""
    problem = problem_of(user_id, ports.lists.reserved_user_ids)
    if problem is None and user_ids.taken([user_id], now, holder):
        return UserIdProblem.TAKEN
    return problem


def suggest(user_id: str, user_ids: UserIds, ports: Ports, now: datetime) -> list[str]:
    """Three free user IDs that resemble the wished one."""
    candidates = suggestions_for(user_id, ports.randomness.code)
    found: list[str] = []
    for _ in range(_MOST_ROUNDS):
        fresh = list(dict.fromkeys(islice(candidates, _AT_ONCE)))
        taken = user_ids.taken(fresh, now)
        free = (each for each in fresh if each not in taken and not problem_of(each, ports.lists.reserved_user_ids))
        found = list(dict.fromkeys([*found, *free]))
        if len(found) >= SUGGESTIONS:
            break
    return found[:SUGGESTIONS]
