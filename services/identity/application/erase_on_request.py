"""Erase an account on its owner's lawful request: one agent proposes it, another has it done (IDN-15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.work import UnitOfWork
from services.identity.application.erasing import erase_account
from services.identity.application.ports import Ports, Store
from services.identity.application.support_desk import SupportAct, account_for_support
from services.identity.domain.errors import SecondAgentRequiredError
from services.identity.domain.events import AccountErasureApproved, AccountErasureProposed, RemovalReason
from services.identity.domain.support_acts import PROPOSED_FOR, ErasureProposal


@dataclass(frozen=True, slots=True)
class EraseOnRequest(SupportAct):
    """The account's owner has asked for it, and the agent has made sure of that."""


@dataclass(frozen=True, slots=True)
class ErasureStands:
    """Proposed until then, or done where that is None."""

    user_id: str
    expires_at: datetime | None

    @property
    def state(self) -> str:
        """In a word."""
        return "removed" if self.expires_at is None else "proposed"


def erase_on_request(command: EraseOnRequest, work: UnitOfWork[Store], ports: Ports) -> ErasureStands:
    """Propose it, or do what another agent has proposed.

    Raises `SecondAgentRequiredError` for one's own proposal, and what `account_for_support` raises.
    """
    act, now, store = command.taken_up(), ports.clock.now(), work.writing()
    account = account_for_support(act, work, ports)
    proposal = store.erasure_proposals.get(account.user_id)
    if proposal is None or not proposal.waits_at(now):
        store.erasure_proposals.put(ErasureProposal(account.user_id, act.by, act.reason, now))
        work.record(AccountErasureProposed(account.user_id, act.by, act.reason, now + PROPOSED_FOR))
        return ErasureStands(account.user_id, now + PROPOSED_FOR)
    if proposal.by == act.by:
        raise SecondAgentRequiredError
    work.record(AccountErasureApproved(account.user_id, act.by, act.reason, proposal.by))
    erase_account(account, RemovalReason.REQUEST, work, ports)
    return ErasureStands(account.user_id, None)
