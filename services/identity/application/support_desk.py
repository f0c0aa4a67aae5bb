"""Where support's acts on an account begin: who acts on whom, and why (IDN-14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, State
from services.identity.domain.errors import OwnAccountError
from services.identity.domain.support_acts import reason_taken_up
from services.identity.domain.user_ids import findable


@dataclass(frozen=True, slots=True)
class SupportAct(Command):
    """An agent does something to an account, named as typed, for a reason."""

    user_id: str
    by: str
    reason: str

    def taken_up(self) -> Self:
        """With user ID and reason as they are kept; raises `InvalidError`."""
        return type(self)(findable(fold(self.user_id)), self.by, reason_taken_up(self.reason))


def account_for_support(act: SupportAct, work: UnitOfWork[Store]) -> Account:
    """The account, locked; raises `NotFoundError`, also for one that is gone, and `OwnAccountError`."""
    account = work.writing().accounts.for_update(act.user_id)
    if account is None or account.state is State.REMOVED:
        raise NotFoundError
    if account.user_id == act.by:
        raise OwnAccountError
    return account


def throttles_of(user_id: str, ports: Ports) -> tuple[str, str]:
    """The keys under which an account's wrong passwords and wrong second steps are counted."""
    return ports.digests.keyed("throttle", user_id), ports.digests.keyed("throttle:second_step", user_id)
