"""The file to be filled in, with the codes that it takes (REG-16)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store


@dataclass(frozen=True, slots=True)
class ShowTemplate(Command):
    """For anybody who is signed in."""


def show_template(_: ShowTemplate, work: UnitOfWork[Store], ports: Ports) -> bytes:
    """A workbook; raises `UnavailableError` while entitlements, whose the functions are, cannot be asked."""
    return ports.people_documents.template(ports.delegation.functions(work.cause.correlation_id))
