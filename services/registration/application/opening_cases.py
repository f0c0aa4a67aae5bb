"""Opens outreach cases: one for a TIN and line, which whatever asks for one later joins (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import OutreachOpened
from services.registration.domain.lines import Line
from services.registration.domain.outreach import OutreachCase, Reason


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why and when a case is asked for."""

    reason: Reason
    at: datetime
    request_id: UUID | None = None


def open_case(tin: str, line: Line, occasion: Occasion, work: UnitOfWork[Store], ports: Ports) -> OutreachCase | None:
    """The open case of the TIN and line, opened now where there was none.

    None where the directory says that the practice does not have the line: nobody is to manage what it lost (REG-17).
    """
    store = work.writing()
    practice = store.practices.named({tin}).get(tin)
    if practice is not None and line not in practice.lines:
        return None
    wished = OutreachCase(
        id=new_id(),
        tin=tin,
        line=line,
        practice=practice.name if practice else None,
        reason=occasion.reason,
        opened_at=occasion.at,
        due_at=occasion.at + ports.outreach_within,
    )
    case = store.outreach.open(wished)
    if case.id == wished.id:
        work.record(OutreachOpened(case, occasion.request_id))
    return case
