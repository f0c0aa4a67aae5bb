"""Forget an account that was removed: whom to write to, and what was written (REG-9, IDN-13)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store


@dataclass(frozen=True, slots=True)
class ForgetAccount(Command):
    """The account is gone, with the registration that it came from."""

    user_id: str
    registration_id: str | None


def forget_account(command: ForgetAccount, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Of messages that were sent remains that they were; what is still on its way ends by itself within a day."""
    store = work.writing()
    store.recipients.forget(command.user_id)
    store.contacts.forget(command.user_id)
    store.portal_inbox.forget(command.user_id)
    store.messages.redact(command.user_id)
    if command.registration_id is not None:
        store.gatherings.save(store.gatherings.for_update(command.registration_id).closed())
