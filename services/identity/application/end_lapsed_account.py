"""End an account whose registration was not confirmed in time, unless it was after all (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import State
from services.identity.domain.events import AccountRemoved


@dataclass(frozen=True, slots=True)
class EndLapsedAccount(Command):
    """The registration has lapsed, as far as registration knows."""

    registration_id: str


def end_lapsed_account(command: EndLapsedAccount, work: UnitOfWork[Store], ports: Ports) -> None:
    """Erase whose it was; the user ID stays reserved. One that was confirmed lives on, and registration learns of it
    by that event.
    """
    store, now = work.writing(), ports.clock.now()
    found = store.accounts.of_registration(command.registration_id)
    account = store.accounts.for_update(found.user_id) if found else None
    if account is None or account.state is not State.UNCONFIRMED:
        return
    store.accounts.save(account.removed())
    store.answers.replace(account.user_id, ())
    work.record(AccountRemoved(account.user_id, account.registration_id, now))
