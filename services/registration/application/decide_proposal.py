"""A second agent confirms what one proposed about a practice's managers, or rejects it (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.errors import NoOpenCaseError, NoProposalError
from services.registration.application.list_outreach import ShownCase, shown_cases
from services.registration.application.ports import Ports, Store
from services.registration.application.propose_manager import appointable
from services.registration.domain.events import ManagerChangeConfirmed, ManagerChangeRejected
from services.registration.domain.proposals import Proposal, ProposalKind


@dataclass(frozen=True, slots=True)
class ConfirmProposal(Command):
    """`agent` confirms the TIN's undecided proposal; `proposal_id` is the one that they saw, None for whichever."""

    agent: str
    tin: str
    proposal_id: UUID | None


@dataclass(frozen=True, slots=True)
class RejectProposal(Command):
    """`agent` says that it is not to be done, because of `reason`."""

    agent: str
    tin: str
    proposal_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class NoteRefusal(Command):
    """Entitlements could not make it so: a rule forbids it there."""

    proposal_id: UUID
    code: str
    at: datetime


def confirm_proposal(command: ConfirmProposal, work: UnitOfWork[Store], ports: Ports) -> tuple[ShownCase, ...]:
    """The cases of the TIN afterwards; entitlements makes it so within the second.

    Raises `NotFoundError`, `NoProposalError`, `SecondAgentNeededError`, `OwnAppointmentError`, and what `appointable`
    raises where the account has changed meanwhile.
    """
    store = work.writing()
    open_now = {case.line for case in store.outreach.open_at(command.tin)}
    proposal = _undecided(command, store)
    confirmed = proposal.confirmed(command.agent, ports.clock.now())
    if proposal.kind is ProposalKind.APPOINT:
        appointable(proposal.user_id, store)
        if set(proposal.lines) - open_now:
            raise NoOpenCaseError("The case was closed meanwhile: reject the proposal.")
    store.case_work.save(confirmed)
    work.record(ManagerChangeConfirmed(confirmed, _practice(command.tin, store)))
    return shown_cases(command.tin, work, ports)


def reject_proposal(command: RejectProposal, work: UnitOfWork[Store], ports: Ports) -> tuple[ShownCase, ...]:
    """The cases of the TIN afterwards; raises `NotFoundError`, `NoProposalError`."""
    store = work.writing()
    rejected = _undecided(command, store).rejected(command.agent, ports.clock.now(), command.reason)
    store.case_work.save(rejected)
    work.record(ManagerChangeRejected(rejected, _practice(command.tin, store)))
    return shown_cases(command.tin, work, ports)


def note_refusal(command: NoteRefusal, work: UnitOfWork[Store], _: Ports) -> None:
    """Show the agents why; the case goes on."""
    store = work.writing()
    proposal = store.case_work.proposal(command.proposal_id)
    if proposal is not None:
        store.case_work.save(proposal.refused(command.at, command.code))


def _undecided(command: ConfirmProposal | RejectProposal, store: Store) -> Proposal:
    if not store.outreach.of_tin(command.tin):
        raise NotFoundError
    proposal = store.case_work.undecided(command.tin)
    if proposal is None or command.proposal_id not in {None, proposal.id}:
        raise NoProposalError("No such proposal awaits a second agent: read the case again.")
    return proposal


def _practice(tin: str, store: Store) -> str | None:
    practice = store.practices.named({tin}).get(tin)
    return practice.name if practice else None
