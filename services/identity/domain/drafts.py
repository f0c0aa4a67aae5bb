"""The part of a registration that identity judges: any part of it may still be missing (REG-6, REG-7, REG-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel.errors import Fault
from services.identity.domain.lists import Lists
from services.identity.domain.passwords import fault_of, personal_words, weakness_of
from services.identity.domain.security_questions import Answer, fault_of_birth, faults_of_answers
from services.identity.domain.user_ids import UserIdProblem, problem_of

_DETAILS = {
    UserIdProblem.INVALID: "A user ID has 6 to 32 letters, digits, dots, dashes or underscores; a letter comes first.",
    UserIdProblem.RESERVED: "This user ID is reserved: choose another.",
    UserIdProblem.TAKEN: "This user ID is taken: choose another.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody has filled in so far; the user ID is folded."""

    user_id: str | None = None
    password: str | None = None
    date_of_birth: date | None = None
    answers: Sequence[Answer] | None = None
    names: Sequence[str] = ()
    email: str | None = None


def user_id_fault(problem: UserIdProblem) -> Fault:
    """What is wrong with the user ID, for a person."""
    return Fault("/user_id", problem.value, _DETAILS[problem])


def faults_of(draft: Draft, lists: Lists, today: date) -> list[Fault]:
    """Everything that is wrong with what is filled in, but for a taken user ID."""
    faults: list[Fault | None] = []
    if draft.user_id is not None:
        problem = problem_of(draft.user_id, lists.reserved_user_ids)
        faults.append(user_id_fault(problem) if problem else None)
    if draft.password is not None:
        faults.append(_password_fault(draft.password, draft, lists))
    if draft.date_of_birth is not None:
        faults.append(fault_of_birth(draft.date_of_birth, today))
    if draft.answers is not None:
        faults.extend(faults_of_answers(draft.answers, lists.security_questions))
    return [fault for fault in faults if fault]


def _password_fault(password: str, draft: Draft, lists: Lists) -> Fault | None:
    personal = personal_words(draft.user_id or "", draft.email or "", draft.names)
    weakness = weakness_of(password, common=lists.common_passwords, personal=personal)
    return fault_of(weakness) if weakness else None
