"""The one erasure of an account, whatever it is done for: what is personal goes, here at once and by event everywhere.

The user ID stays reserved, and the history stays (IDN-13, IDN-15).
"""

from __future__ import annotations

from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.domain.accounts import Account
from services.identity.domain.events import AccountRemoved, FarewellDue, RemovalReason
from services.identity.domain.sessions import EndReason


def erase_account(account: Account, reason: RemovalReason, work: UnitOfWork[Store], ports: Ports) -> None:
    """Erase an account whose row is locked; its owner is told at the last verified address, which nobody keeps."""
    store, now = work.writing(), ports.clock.now()
    for session in store.sessions.of_account(account.user_id):
        end_session(session, EndReason.ACCOUNT_REMOVED, work, ports)
    farewell = _farewell(account, reason, ports)
    store.accounts.save(account.removed())
    store.answers.replace(account.user_id, ())
    store.erasure.forget(account.user_id)
    work.record(AccountRemoved(account.user_id, account.registration_id, now, reason))
    if farewell is not None:
        work.record(farewell)  # behind it: whoever forgets the account must not forget this


def _farewell(account: Account, reason: RemovalReason, ports: Ports) -> FarewellDue | None:
    if account.email.verified_at is None:
        return None
    farewell_id = str(new_id())
    sealed = ports.seal_farewell(farewell_id, account.email.value, account.profile.first_name)
    return FarewellDue(farewell_id, account.user_id, reason, account.profile.language, account.site, sealed)
