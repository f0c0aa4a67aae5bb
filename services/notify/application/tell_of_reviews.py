"""Tell managers of access reviews (ENT-13), and those concerned of access that is suspended or restored (ENT-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell
from services.notify.domain.occasions import Occasion
from services.notify.domain.places import place


@dataclass(frozen=True, slots=True)
class ReviewNews(Command):
    """A review of a TIN opened, ends on a day (ISO 8601), or is over; `count` is how much there is to decide about,
    `outcome` how many accesses came to what.
    """

    notice: str
    tin: str
    line: str
    practice: str | None
    due: str
    count: int
    outcome: Mapping[str, int]
    managers: tuple[str, ...]
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Suspension(Command):
    """Somebody's access does not count any more, or counts again; `is_partial` where that is some functions alone."""

    notice: str
    user_id: str
    name: str
    tin: str
    line: str
    practice: str | None
    cause: str
    is_partial: bool
    managers: tuple[str, ...]
    occasion: Occasion


def tell_of_review(command: ReviewNews, work: UnitOfWork[Store], ports: Ports) -> None:
    """Every manager that the event names."""
    kept = command.outcome.get("kept", 0) + command.outcome.get("left", 0)
    facts = {
        "place": place(command.tin, command.line, command.practice),
        "due": command.due,
        "count": command.count,
        "kept": kept,
        "removed": command.outcome.get("removed", 0),
        "suspended": command.outcome.get("suspended", 0),
    }
    tell(News(command.notice, facts, command.occasion), command.managers, work, ports)


def tell_of_suspension(command: Suspension, work: UnitOfWork[Store], ports: Ports) -> None:
    """Each in their words; a manager whose own access it is hears of it as its user."""
    facts = {
        "place": place(command.tin, command.line, command.practice),
        "cause": command.cause,
        "is_partial": command.is_partial,
    }
    tell(News(command.notice, {**facts, "user": None}, command.occasion), [command.user_id], work, ports)
    others = [each for each in command.managers if each != command.user_id]
    tell(News(command.notice, {**facts, "user": command.name}, command.occasion), others, work, ports)
