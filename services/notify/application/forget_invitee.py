"""Forget somebody who was invited and never came (REG-9, REG-14)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store


@dataclass(frozen=True, slots=True)
class ForgetInvitee(Command):
    """Nobody redeemed the temporary ID that was sent to this address."""

    address: str
    temporary_id: str


def forget_invitee(command: ForgetInvitee, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Of the messages remains that they were sent."""
    work.writing().messages.redact_invitations(command.address, command.temporary_id)
