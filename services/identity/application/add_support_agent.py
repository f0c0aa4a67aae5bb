"""Make a support agent of somebody with a confirmed account; operators alone do (IDN-14, OPS-7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Kind, State
from services.identity.domain.errors import NoSupportCandidateError
from services.identity.domain.events import AccountProfileChanged
from services.identity.domain.user_ids import findable


@dataclass(frozen=True, slots=True)
class AddSupportAgent(Command):
    """The user ID as typed."""

    user_id: str


def add_support_agent(command: AddSupportAgent, work: UnitOfWork[Store], ports: Ports) -> bool:  # noqa: ARG001
    """Give the account the scope of support from its next access token on; False where it had it.

    Raises `NoSupportCandidateError` where there is no confirmed account.
    """
    store = work.writing()
    account = store.accounts.for_update(findable(fold(command.user_id)))
    if account is None or account.state is not State.ACTIVE:
        raise NoSupportCandidateError
    if account.kind is Kind.SUPPORT:
        return False
    agent = replace(account, kind=Kind.SUPPORT)
    store.accounts.save(agent)
    work.record(AccountProfileChanged(agent))
    return True
