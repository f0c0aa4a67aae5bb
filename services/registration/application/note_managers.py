"""Keep who manages a practice, as entitlements tells it, and what follows for those who wait (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.opening_cases import Occasion, open_case
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import OutreachClosed
from services.registration.domain.lines import Line
from services.registration.domain.outreach import Outcome, OutreachCase, Reason, Waiting
from services.registration.domain.proposals import ProposalKind
from services.registration.domain.registrations import RequestState


@dataclass(frozen=True, slots=True)
class NoteManagers(Command):
    """The managers of a TIN and line, all of them, after one came; `requests` had none, and are theirs now."""

    tin: str
    line: Line
    managers: tuple[str, ...]
    requests: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteDeparture(Command):
    """The same after one left; `by_support` says that a case removed them."""

    tin: str
    line: Line
    managers: tuple[str, ...]
    by_support: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Stranded:
    """A request that has lost everybody who could decide it."""

    request_id: UUID
    user_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class NoteLoss(Command):
    """A TIN and line has lost its last manager."""

    tin: str
    line: Line
    stranded: tuple[Stranded, ...]
    at: datetime


def note_managers(command: NoteManagers, work: UnitOfWork[Store], _: Ports) -> None:
    """Keep them in place of those before; requests that had nobody are handed over, and the case has done its work."""
    store = work.writing()
    store.managers.replace(command.tin, command.line, command.managers)
    store.registrations.moved(command.requests, RequestState.NO_MANAGER, RequestState.AWAITING)
    for request_id in command.requests:
        store.outreach.leave(request_id)
    if command.managers:
        _close(command, Outcome.MANAGER_FOUND, work)


def note_departure(command: NoteDeparture, work: UnitOfWork[Store], _: Ports) -> None:
    """Keep who is left; a case about a wrong manager is done once they are gone and somebody else is there."""
    store = work.writing()
    store.managers.replace(command.tin, command.line, command.managers)
    if command.by_support and command.managers:
        _close(command, Outcome.MANAGER_REMOVED, work)


def note_loss(command: NoteLoss, work: UnitOfWork[Store], ports: Ports) -> None:
    """Have support look for a manager, with the people who wait for one."""
    store = work.writing()
    requests = [each.request_id for each in command.stranded]
    store.registrations.moved(requests, RequestState.AWAITING, RequestState.NO_MANAGER)
    case = open_case(command.tin, command.line, Occasion(Reason.MANAGER_LOST, command.at), work, ports)
    if case is None:
        return
    known = store.accounts.of({each.user_id for each in command.stranded})
    for each in command.stranded:
        person = known.get(each.user_id)
        waiting = Waiting(
            request_id=each.request_id,
            user_id=each.user_id,
            first_name=person.first_name if person else None,
            last_name=person.last_name if person else None,
            email=person.email if person else None,
            phone=person.phone if person else None,
            extension=person.extension if person else None,
            since=each.since,
        )
        store.outreach.join(case.id, waiting)


def _close(command: NoteManagers | NoteDeparture, outcome: Outcome, work: UnitOfWork[Store]) -> None:
    """Close the line's case, unless a removal there awaits its second agent; a needless appointment lapses."""
    store = work.writing()
    case = next((each for each in store.outreach.open_at(command.tin) if each.line == command.line), None)
    if case is None or (outcome is Outcome.MANAGER_REMOVED and case.reason is not Reason.WRONG_MANAGER):
        return
    proposal = store.case_work.undecided(command.tin)
    if proposal is not None and command.line in proposal.lines:
        if proposal.kind is ProposalKind.REMOVE:
            return
        store.case_work.save(proposal.lapsed(command.at))
    _end(case, command.at, outcome, work)


def _end(case: OutreachCase, at: datetime, outcome: Outcome, work: UnitOfWork[Store]) -> None:
    closed = case.closed(at, outcome)
    work.writing().outreach.close(closed)
    work.record(OutreachClosed(closed, None))
