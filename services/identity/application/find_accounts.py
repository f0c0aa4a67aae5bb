"""Support finds accounts by what callers tell: user ID, name, address or number (IDN-14)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.support_desk import throttles_of
from services.identity.domain.accounts import Account
from services.identity.domain.support_acts import ErasureProposal, Sought

_NOT_OF_A_NUMBER = re.compile(r"[^0-9]+")
_TELLING_DIGITS = 7


@dataclass(frozen=True, slots=True)
class FindAccounts(Command):
    """What is sought as typed; at most `limit` accounts, from behind the user ID `after`."""

    query: str
    limit: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account as support sees it: never a password, nor answers. `locked_until` is when failures stop counting."""

    account: Account
    locked_until: datetime | None
    erasure: ErasureProposal | None


def find_accounts(command: FindAccounts, work: UnitOfWork[Store], ports: Ports) -> Sequence[FoundAccount]:
    """In the order of their user IDs; those that are gone are not among them."""
    digits = _NOT_OF_A_NUMBER.sub("", command.query)
    sought = Sought(fold(command.query), digits if len(digits) >= _TELLING_DIGITS else "")
    with work.reading() as store:
        return [_found(each, store, ports) for each in store.accounts.find(sought, command.after, command.limit)]


def see_account(account: Account, work: UnitOfWork[Store], ports: Ports) -> FoundAccount:
    """One of them, within the transaction that has just changed it."""
    return _found(account, work.writing(), ports)


def _found(account: Account, store: Store, ports: Ports) -> FoundAccount:
    now, rules = ports.clock.now(), ports.rules.throttle
    counts = [rules.standing(store.failures.get(key), now) for key in throttles_of(account.user_id, ports)]
    blocked = [each.blocked_until for each in counts if each.blocked_until and each.blocked_for(now)]
    proposal = store.erasure_proposals.get(account.user_id)
    waiting = proposal if proposal and proposal.waits_at(now) else None
    return FoundAccount(account, max(blocked, default=None), waiting)
