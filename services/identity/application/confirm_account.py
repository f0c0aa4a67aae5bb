"""Confirm an account's e-mail address by the code that was sent to it (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.code_desk import Redemption, redeem_code
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import State
from services.identity.domain.codes import Purpose
from services.identity.domain.events import AccountConfirmed, ContactVerified
from services.identity.domain.user_ids import findable


@dataclass(frozen=True, slots=True)
class ConfirmAccount(Command):
    """User ID and code as typed."""

    user_id: str
    code: str


def confirm_account(command: ConfirmAccount, work: UnitOfWork[Store], ports: Ports) -> None:
    """Make the account active; raises what `redeem_code` raises, the same for accounts that do not exist."""
    user_id = fold(command.user_id)
    store, now = work.writing(), ports.clock.now()
    account = store.accounts.for_update(findable(user_id))
    waits = account is not None and account.state is State.UNCONFIRMED and account.exists_at(now)
    redemption = Redemption(user_id, account if waits else None, Purpose.CONFIRM_EMAIL, command.code)
    confirmed = redeem_code(redemption, work, ports).confirmed(now)
    store.accounts.save(confirmed)
    work.acting_as(confirmed.actor)
    work.record(
        ContactVerified(user_id, confirmed.email.id, confirmed.email.kind, confirmed.email.value),
        AccountConfirmed(confirmed, now),
    )
