"""Tell somebody, wherever they can be reached, that a manager has reset their password (IDN-8)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell_contacts
from services.notify.domain.occasions import Occasion

NOTICE = "password_reset_by_manager"


@dataclass(frozen=True, slots=True)
class WarnOfReset(Command):
    """Whose password, and which manager did it."""

    user_id: str
    by: str
    occasion: Occasion


def warn_of_reset(command: WarnOfReset, work: UnitOfWork[Store], ports: Ports) -> None:
    """Name the manager, so that whoever did not ask for it knows whom to ask."""
    manager = work.writing().recipients.get(command.by)
    facts = {"manager": manager.name if manager else None}
    tell_contacts(News(NOTICE, facts, command.occasion), command.user_id, work, ports)
