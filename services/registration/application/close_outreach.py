"""Give up looking for a manager, for a reason that stays with the case (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.errors import NoOpenCaseError, ProposalOpenError
from services.registration.application.list_outreach import ShownCase, open_cases, shown_cases
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import OutreachClosed
from services.registration.domain.lines import Lines
from services.registration.domain.outreach import Outcome


@dataclass(frozen=True, slots=True)
class CloseOutreach(Command):
    """`agent` closes the cases of these lines, None for every open one of the TIN."""

    agent: str
    tin: str
    lines: Lines | None
    reason: str


def close_outreach(command: CloseOutreach, work: UnitOfWork[Store], ports: Ports) -> tuple[ShownCase, ...]:
    """The cases of the TIN afterwards; who still waits there opens a new one by asking again.

    Raises `NotFoundError`, `NoOpenCaseError`, `ProposalOpenError`.
    """
    store, now = work.writing(), ports.clock.now()
    cases = [case for case in open_cases(command.tin, store) if command.lines is None or case.line in command.lines]
    if not cases:
        raise NoOpenCaseError("No outreach case is open for these lines.")
    if store.case_work.undecided(command.tin) is not None:
        raise ProposalOpenError("A proposal of this TIN awaits a second agent: confirm or reject it first.")
    for case in cases:
        closed = case.closed(now, Outcome.GIVEN_UP, command.reason)
        store.outreach.close(closed)
        work.record(OutreachClosed(closed, command.agent))
    return shown_cases(command.tin, work, ports)
