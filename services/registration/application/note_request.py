"""Keep where a request stands, as entitlements tells it, and ask for a manager where there is none (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.opening_cases import Occasion, open_case
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import ManagerNominated
from services.registration.domain.lines import Line
from services.registration.domain.outreach import OutreachCase, Reason, Waiting
from services.registration.domain.registrations import RequestState


@dataclass(frozen=True, slots=True)
class NoteRequestState(Command):
    """A request stands elsewhere now; `waiting` tells of the person who made it."""

    state: RequestState
    tin: str
    line: Line
    waiting: Waiting
    at: datetime


def note_request_state(command: NoteRequestState, work: UnitOfWork[Store], ports: Ports) -> None:
    """Keep the state; a request without a manager joins the outreach case of its TIN and line, or opens it."""
    store, request_id = work.writing(), command.waiting.request_id
    store.registrations.request_is(request_id, command.state)
    if command.state is not RequestState.NO_MANAGER:
        store.outreach.leave(request_id)
        return
    occasion = Occasion(Reason.REQUEST_WITHOUT_MANAGER, command.at, request_id)
    case = open_case(command.tin, command.line, occasion, work, ports)
    if case is not None:
        store.outreach.join(case.id, command.waiting)
        _tell_nominee(case, command, work)


def _tell_nominee(case: OutreachCase, command: NoteRequestState, work: UnitOfWork[Store]) -> None:
    """Ask whom the applicant named, once for each address in a case (REG-11)."""
    registration = work.writing().registrations.with_request(command.waiting.request_id)
    if registration is None:
        return
    (request,) = (each for each in registration.requests if each.id == command.waiting.request_id)
    nominee = request.nomination.nominee if request.nomination else None
    others = [each.nomination.nominee for each in case.waiting if each.nomination]
    asked = {other.email.casefold() for other in others if other}
    if nominee is not None and nominee.email.casefold() not in asked:
        work.record(ManagerNominated(case, request.id, registration, nominee))
