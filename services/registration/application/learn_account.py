"""Keep what identity tells of accounts, as far as outreach needs it (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.accounts import Account, AccountKind


@dataclass(frozen=True, slots=True)
class LearnAccount(Command):
    """An account was made, or its address confirmed."""

    account: Account


@dataclass(frozen=True, slots=True)
class LearnProfile(Command):
    """Somebody is called or reached otherwise now, or has become a support agent."""

    user_id: str
    kind: AccountKind
    first_name: str
    last_name: str
    email: str
    phone: str | None
    extension: str | None


@dataclass(frozen=True, slots=True)
class NoteSignIn(Command):
    """Somebody signed in."""

    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ForgetAccount(Command):
    """An account is gone."""

    user_id: str


def learn_account(command: LearnAccount, work: UnitOfWork[Store], _: Ports) -> None:
    """Keep it."""
    work.writing().accounts.put(command.account)


def learn_profile(command: LearnProfile, work: UnitOfWork[Store], _: Ports) -> None:
    """Keep it; of an account that was not heard of there is nothing to keep."""
    store = work.writing()
    known = store.accounts.of({command.user_id}).get(command.user_id)
    if known is not None:
        store.accounts.put(
            replace(
                known,
                kind=command.kind,
                first_name=command.first_name,
                last_name=command.last_name,
                email=command.email,
                phone=command.phone,
                extension=command.extension,
            )
        )


def note_sign_in(command: NoteSignIn, work: UnitOfWork[Store], _: Ports) -> None:
    """Keep when."""
    work.writing().accounts.signed_in(command.user_id, command.at)


def forget_account(command: ForgetAccount, work: UnitOfWork[Store], _: Ports) -> None:
    """Nothing personal of theirs stays, on waiting lists either."""
    store = work.writing()
    store.accounts.forget(command.user_id)
    store.outreach.forget(command.user_id)
