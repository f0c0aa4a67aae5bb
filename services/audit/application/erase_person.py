"""Erase what audit keeps of a person; every proof stays valid (AUD-4, IDN-13)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.audit.application.ports import Ports, Store
from services.audit.domain.entry import invited


@dataclass(frozen=True, slots=True)
class ErasePerson(Command):
    """The user ID stays: it is reserved for ever, and is what the history goes on telling of."""

    user_id: str


@dataclass(frozen=True, slots=True)
class EraseInvitee(Command):
    """Nobody redeemed this temporary ID; it stays, as what the history goes on telling of."""

    temporary_id: str


def erase_person(command: ErasePerson, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Personal values beside the log and names in the history go; leaves, hashes and rows stay as they are."""
    store = work.writing()
    store.log.erase(command.user_id)
    for temporary_id in store.temporary_ids.of(command.user_id):
        store.log.erase(invited(temporary_id))
    store.history.forget_person(command.user_id)


def erase_invitee(command: EraseInvitee, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """The same for somebody who never had an account: what they were called by whoever invited them goes."""
    store = work.writing()
    store.log.erase(invited(command.temporary_id))
    store.history.forget_invitee(command.temporary_id)
