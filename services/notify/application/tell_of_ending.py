"""Tell users and their managers of access that ends by itself, beforehand and then (ENT-11)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell
from services.notify.domain.occasions import Occasion
from services.notify.domain.places import place


@dataclass(frozen=True, slots=True)
class EndAccess(Command):
    """Somebody's access ends on a day (ISO 8601), or has ended; `managers` can give it again."""

    notice: str
    user_id: str
    name: str
    tin: str
    line: str
    practice: str | None
    until: str
    managers: tuple[str, ...]
    occasion: Occasion


def tell_of_ending(command: EndAccess, work: UnitOfWork[Store], ports: Ports) -> None:
    """Each in their words; a manager whose own access it is hears of it as its user."""
    facts = {"place": place(command.tin, command.line, command.practice), "until": command.until}
    tell(News(command.notice, {**facts, "user": None}, command.occasion), [command.user_id], work, ports)
    others = [each for each in command.managers if each != command.user_id]
    tell(News(command.notice, {**facts, "user": command.name}, command.occasion), others, work, ports)
