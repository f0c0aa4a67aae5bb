"""Tell somebody, and the managers of where they work, that nobody may sign in to their account any more (IDN-13)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell
from services.notify.domain.occasions import Occasion

NOTICE = "disabled"


@dataclass(frozen=True, slots=True)
class TellOfDisabling(Command):
    """Whose account, and the user IDs of the managers; `remove_on` is a date (ISO 8601)."""

    user_id: str
    managers: tuple[str, ...]
    remove_on: str
    occasion: Occasion


def tell_of_disabling(command: TellOfDisabling, work: UnitOfWork[Store], ports: Ports) -> None:
    """The owner hears what to do, the managers whose access it is."""
    known = work.writing().recipients.get(command.user_id)
    own = {"user": None, "remove_on": command.remove_on}
    tell(News(NOTICE, own, command.occasion), [command.user_id], work, ports)
    others = own | {"user": known.name if known else command.user_id}
    tell(News(NOTICE, others, command.occasion), command.managers, work, ports)
