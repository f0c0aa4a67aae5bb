"""Forget who an account was whose end has come after its registration was long done with (IDN-13, IDN-15)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store


@dataclass(frozen=True, slots=True)
class ForgetApplicant(Command):
    """The account of this user ID was removed."""

    user_id: str


def forget_applicant(command: ForgetApplicant, work: UnitOfWork[Store], _: Ports) -> None:
    """Everything personal in their registrations goes, that of whom they nominated, too, and where they still wait."""
    work.writing().erasure.forget(command.user_id)
