"""An agent proposes an access manager, or to remove a wrong one; a second agent decides (REG-13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import Fault, InvalidError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.errors import (
    AlreadyManagerError,
    NoOpenCaseError,
    NotAManagerError,
    ProposalOpenError,
)
from services.registration.application.list_outreach import ShownCase, open_cases, shown_cases
from services.registration.application.opening_cases import Occasion, open_case
from services.registration.application.ports import Ports, Store
from services.registration.domain.accounts import Account, AccountKind
from services.registration.domain.events import ManagerChangeProposed
from services.registration.domain.lines import Line, Lines, in_order
from services.registration.domain.outreach import Reason
from services.registration.domain.proposals import Proposal, ProposalKind


@dataclass(frozen=True, slots=True)
class ProposeManager(Command):
    """`agent` proposes that `user_id` manage these lines of the TIN; `proof` tells what shows it to be right."""

    agent: str
    tin: str
    user_id: str
    lines: Lines
    proof: str


@dataclass(frozen=True, slots=True)
class ProposeRemoval(Command):
    """`agent` proposes that `user_id` no longer manage these lines, None for all that they manage."""

    agent: str
    tin: str
    user_id: str
    lines: Lines | None
    proof: str


def propose_manager(command: ProposeManager, work: UnitOfWork[Store], ports: Ports) -> tuple[ShownCase, ...]:
    """The cases of the TIN afterwards.

    Raises `NotFoundError`, `InvalidError` for whom support cannot appoint, `NoOpenCaseError` naming the lines without a
    case, `AlreadyManagerError`, `OwnAppointmentError`, `ProposalOpenError`.
    """
    store, now = work.writing(), ports.clock.now()
    cases = open_cases(command.tin, store)
    account = appointable(command.user_id, store)
    missing = in_order(set(command.lines) - {case.line for case in cases})
    if missing:
        raise NoOpenCaseError(f"No outreach case is open for: {', '.join(missing)}. Open one first.")
    if all(command.user_id in _managers(command.tin, line, store) for line in command.lines):
        raise AlreadyManagerError("This person is an access manager there already.")
    _propose(_proposal(command, command.lines, ProposalKind.APPOINT, now), account, work)
    return shown_cases(command.tin, work, ports)


def propose_removal(command: ProposeRemoval, work: UnitOfWork[Store], ports: Ports) -> tuple[ShownCase, ...]:
    """The cases of the TIN afterwards, opened where there was none.

    Raises `NotAManagerError`, `OwnAppointmentError`, `ProposalOpenError`.
    """
    store, now = work.writing(), ports.clock.now()
    managed = [line for line in Line if command.user_id in _managers(command.tin, line, store)]
    lines = in_order(line for line in managed if command.lines is None or line in command.lines)
    if not lines or (command.lines is not None and set(command.lines) - set(lines)):
        raise NotAManagerError("This person is no access manager there.")
    proposal = _proposal(command, lines, ProposalKind.REMOVE, now)
    for line in lines:
        open_case(command.tin, line, Occasion(Reason.WRONG_MANAGER, now), work, ports)
    store.outreach.open_at(command.tin)
    account = store.accounts.of({command.user_id}).get(command.user_id)
    _propose(proposal, account, work)
    return shown_cases(command.tin, work, ports)


def appointable(user_id: str, store: Store) -> Account:
    """The account, if it can be a manager's; raises `InvalidError` that says why not."""
    account = store.accounts.of({user_id}).get(user_id)
    if account is None:
        raise InvalidError([Fault("/user_id", "account_unknown", "Nobody has registered with this user ID.")])
    if account.kind is AccountKind.SUPPORT:
        raise InvalidError([Fault("/user_id", "user_is_support", "Support agents manage no practice.")])
    if not account.can_manage:
        detail = "This account is not confirmed, or it is disabled: it has to be opened first."
        raise InvalidError([Fault("/user_id", "account_not_active", detail)])
    return account


def _proposal(command: ProposeManager | ProposeRemoval, lines: Lines, kind: ProposalKind, now: datetime) -> Proposal:
    return Proposal(
        id=new_id(),
        tin=command.tin,
        lines=in_order(lines),
        kind=kind,
        user_id=command.user_id,
        proof=command.proof,
        proposed_by=command.agent,
        proposed_at=now,
    )


def _propose(proposal: Proposal, account: Account | None, work: UnitOfWork[Store]) -> None:
    store = work.writing()
    if not store.case_work.propose(proposal):
        raise ProposalOpenError("A proposal of this TIN awaits a second agent: it has to be decided first.")
    practice = store.practices.named({proposal.tin}).get(proposal.tin)
    work.record(ManagerChangeProposed(proposal, practice.name if practice else None, account))


def _managers(tin: str, line: Line, store: Store) -> Collection[str]:
    return store.managers.of({tin}).get((tin, line), frozenset())
