"""Where support's acts on an account begin: who acts on whom, and why (IDN-14)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.application.vouching_desk import lock_in_order
from services.identity.domain.accounts import Account, State
from services.identity.domain.errors import OwnAccountError
from services.identity.domain.support_acts import reason_taken_up
from services.identity.domain.user_ids import findable


@dataclass(frozen=True, slots=True)
class SupportAct(Command):
    """An agent does something to an account, named as typed, for a reason; in which session of theirs."""

    user_id: str
    by: str
    session_id: str
    reason: str

    def taken_up(self) -> Self:
        """With user ID and reason as they are kept; raises `InvalidError`."""
        return replace(self, user_id=findable(fold(self.user_id)), reason=reason_taken_up(self.reason))


def account_for_support(act: SupportAct, work: UnitOfWork[Store], ports: Ports) -> Account:
    """The account, locked; raises what `fresh_account` raises of the agent, `NotFoundError`, also for one that is gone,
    and `OwnAccountError`.
    """
    store = work.writing()
    lock_in_order((act.by, act.user_id), store)
    fresh_account(act.by, act.session_id, store, ports)
    account = store.accounts.for_update(act.user_id)
    if account is None or account.state is State.REMOVED:
        raise NotFoundError
    if account.user_id == act.by:
        raise OwnAccountError
    return account


def throttles_of(user_id: str, ports: Ports) -> tuple[str, str]:
    """The keys under which an account's wrong passwords and wrong second steps are counted."""
    return ports.digests.keyed("throttle", user_id), ports.digests.keyed("throttle:second_step", user_id)
