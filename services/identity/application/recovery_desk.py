"""Finds the recovery that a client is in, and lets those who recover one user ID in one after the other (IDN-7)."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.recoveries import Recovery
from services.identity.domain.throttle import FailureCount
from services.identity.domain.user_ids import NOBODY


@dataclass(frozen=True, slots=True)
class Entered:
    """A recovery that nobody else changes now, and how often proofs of its user ID were wrong, in all flows."""

    recovery: Recovery
    count: FailureCount


def find_recovery(recovery_id: str, secret: str | None, store: Store, ports: Ports) -> Recovery:
    """The open recovery; raises `NotFoundError` for any other, and for a wrong or missing secret."""
    recovery = store.recoveries.get(recovery_id)
    presented = ports.digests.of_token(secret or "")
    if recovery is None or not hmac.compare_digest(presented, recovery.secret_hash):
        raise NotFoundError
    if not recovery.is_open_at(ports.clock.now()):
        raise NotFoundError
    return recovery


def enter_recovery(recovery_id: str, secret: str | None, work: UnitOfWork[Store], ports: Ports) -> Entered:
    """The open recovery once everybody before is through: all of one user ID, known or not, wait for one another.

    Raises what `find_recovery` raises.
    """
    store = work.writing()
    key = find_recovery(recovery_id, secret, store, ports).key
    count = store.failures.for_update(key)
    return Entered(
        find_recovery(recovery_id, secret, store, ports), ports.rules.throttle.standing(count, ports.clock.now())
    )


def account_of(recovery: Recovery, find: Callable[[str], Account | None]) -> Account | None:
    """Whose it is, found by `Accounts.get` or `for_update`; None where there is nobody, or nobody to be recovered."""
    account = find(recovery.user_id or NOBODY)
    if account is None or account.recovery_contact is None or account.outdates(recovery.created_at):
        return None
    return account
