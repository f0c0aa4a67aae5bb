"""Say what is wrong with the part of a registration that identity judges, keeping nothing (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import Fault
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.choosing_user_ids import problem_with, suggest
from services.identity.application.ports import Ports, Store
from services.identity.domain.drafts import Draft, faults_of, user_id_fault
from services.identity.domain.user_ids import UserIdProblem


@dataclass(frozen=True, slots=True)
class CheckReservation(Command):
    """Any part of a registration; `registration_id` where it has reserved already."""

    draft: Draft
    registration_id: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """Every fault, and free user IDs where the wished one cannot be had."""

    faults: list[Fault]
    suggestions: list[str]


def check_reservation(command: CheckReservation, work: UnitOfWork[Store], ports: Ports) -> Findings:
    """What is wrong so far."""
    now, draft = ports.clock.now(), command.draft
    faults = faults_of(draft, ports.lists, now.date())
    if draft.user_id is None:
        return Findings(faults, [])
    with work.reading() as store:
        problem = problem_with(draft.user_id, store.user_ids, ports, now, command.registration_id)
        suggestions = suggest(draft.user_id, store.user_ids, ports, now) if problem else []
    if problem is UserIdProblem.TAKEN:
        faults.append(user_id_fault(problem))
    return Findings(faults, suggestions)
