"""Keep the copy of an account true: who it is, where its notices go, and in which language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.errors import NotYetKnownError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.domain.recipients import Kind, Recipient


@dataclass(frozen=True, slots=True)
class KeepAccount(Command):
    """An account was made, or its address was confirmed: `recipient` is all that is known of it."""

    recipient: Recipient


@dataclass(frozen=True, slots=True)
class KeepProfile(Command):
    """An account's name, address or language changed, or its kind, where one is given.

    A changed address is one that was verified (IDN-5), or one not yet confirmed of an account not yet confirmed.
    """

    user_id: str
    first_name: str
    last_name: str
    email: str
    language: str
    kind: Kind | None = None


def keep_account(command: KeepAccount, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Keep the account in place of what was known of it."""
    _learn(command.recipient, work.writing())


def keep_profile(command: KeepProfile, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Change the account's copy; raises `NotYetKnownError` for an account never heard of."""
    store = work.writing()
    known = store.recipients.get(command.user_id)
    if known is None:
        raise NotYetKnownError(f"The account {command.user_id} is not known yet.")
    changed = replace(
        known,
        kind=command.kind or known.kind,
        first_name=command.first_name,
        last_name=command.last_name,
        email=command.email,
        language=command.language,
    )
    _learn(changed, store)


def _learn(recipient: Recipient, store: Store) -> None:
    """Keep what is known now; what waited for a verified address goes on its way."""
    store.recipients.save(recipient)
    if recipient.address is None:
        return
    for message in store.messages.awaiting_address(recipient.user_id):
        store.messages.save(message.addressed(recipient, store.now()))
