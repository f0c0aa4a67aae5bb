"""Record that support tried to reach a practice (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.list_outreach import ShownCase, open_cases, shown_cases
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import OutreachAttempted
from services.registration.domain.outreach import Attempt, Channel


@dataclass(frozen=True, slots=True)
class AttemptContact(Command):
    """`agent` tried, in this way; `note` says what came of it."""

    agent: str
    tin: str
    channel: Channel
    reached: bool
    note: str


def attempt_contact(command: AttemptContact, work: UnitOfWork[Store], ports: Ports) -> tuple[ShownCase, ...]:
    """The cases of the TIN afterwards; raises `NotFoundError`, `NoOpenCaseError`."""
    cases = open_cases(command.tin, work.writing())
    attempt = Attempt(
        id=new_id(),
        tin=command.tin,
        at=ports.clock.now(),
        by=command.agent,
        channel=command.channel,
        reached=command.reached,
        note=command.note,
    )
    work.writing().case_work.note(attempt)
    work.record(OutreachAttempted(attempt, tuple(cases)))
    return shown_cases(command.tin, work, ports)
