"""Open a case because somebody asks for it: a user of the TIN, or an agent to whom the practice talked (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.errors import LineNotOfferedError
from services.registration.application.list_outreach import ShownCase, shown_cases
from services.registration.application.opening_cases import Occasion, open_case
from services.registration.application.ports import Ports, Store
from services.registration.domain.lines import Line
from services.registration.domain.outreach import Reason


@dataclass(frozen=True, slots=True)
class AskForOutreach(Command):
    """A user of the TIN asked at that moment."""

    tin: str
    line: Line
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenOutreach(Command):
    """An agent opens a case."""

    tin: str
    line: Line


def ask_for_outreach(command: AskForOutreach, work: UnitOfWork[Store], ports: Ports) -> None:
    """Open it, unless one is open."""
    open_case(command.tin, command.line, Occasion(Reason.ASKED_FOR, command.at), work, ports)


def open_outreach(command: OpenOutreach, work: UnitOfWork[Store], ports: Ports) -> tuple[ShownCase, ...]:
    """The cases of the TIN afterwards; raises `LineNotOfferedError` for a line that the practice does not have."""
    now = ports.clock.now()
    if open_case(command.tin, command.line, Occasion(Reason.ASKED_FOR, now), work, ports) is None:
        raise LineNotOfferedError("The directory says that this practice does not have that line of business.")
    return shown_cases(command.tin, work, ports)
