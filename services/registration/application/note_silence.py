"""Have support look after a practice whose managers do not come: a request is 30 days old (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.opening_cases import Occasion, open_case
from services.registration.application.ports import Ports, Store
from services.registration.domain.lines import Line
from services.registration.domain.outreach import Reason, Waiting


@dataclass(frozen=True, slots=True)
class NoteSilence(Command):
    """These managers were reminded for the last time of a request that they could decide since `since`."""

    tin: str
    line: Line
    managers: tuple[str, ...]
    since: datetime
    waiting: Waiting
    at: datetime


def note_silence(command: NoteSilence, work: UnitOfWork[Store], ports: Ports) -> None:
    """Nothing, where any of them has signed in since."""
    store = work.writing()
    known = store.accounts.of(command.managers)
    if any(each.signed_in_at and each.signed_in_at >= command.since for each in known.values()):
        return
    occasion = Occasion(Reason.MANAGERS_AWAY, command.at, command.waiting.request_id)
    case = open_case(command.tin, command.line, occasion, work, ports)
    if case is not None:
        store.outreach.join(case.id, command.waiting)
