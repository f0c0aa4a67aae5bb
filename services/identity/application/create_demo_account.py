"""Make a confirmed account to try things out with; in embedded mode alone (OPS-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.create_account import contacts_of
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, Kind, State
from services.identity.domain.events import AccountConfirmed, AccountCreated
from services.identity.domain.passwords import normalise
from services.identity.domain.people import Person


@dataclass(frozen=True, slots=True)
class CreateDemoAccount(Command):
    """Who it is; the rules for user IDs and passwords of registrations are not asked."""

    user_id: str
    kind: Kind
    person: Person
    password: str
    site: str


def create_demo_account(command: CreateDemoAccount, work: UnitOfWork[Store], ports: Ports) -> bool:
    """Make it as if registered and confirmed; False where the user ID is taken, which leaves all as it is."""
    with work.reading() as store:
        if store.user_ids.taken([command.user_id], ports.clock.now()):
            return False
    password_hash = ports.hasher.hash(normalise(command.password))
    store, now = work.writing(), ports.clock.now()
    if not store.user_ids.keep(command.user_id, None):
        return False
    account = _account_of(command, password_hash, now)
    store.accounts.add(account)
    work.record(AccountCreated(account), AccountConfirmed(account, now))
    return True


def _account_of(command: CreateDemoAccount, password_hash: str, now: datetime) -> Account:
    return Account(
        user_id=command.user_id,
        kind=command.kind,
        state=State.ACTIVE,
        site=command.site,
        profile=command.person.profile,
        contacts=contacts_of(command.person, now, verified_at=now),
        password_hash=password_hash,
        created_at=now,
        confirmed_at=now,
    )
