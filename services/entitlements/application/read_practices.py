"""The places that the caller administers, with what needs their attention (journey 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.items import lines_of
from services.entitlements.application.manager_news import active_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import standing_giver
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line


@dataclass(frozen=True, slots=True)
class ReadPractices(Command):
    """`user_id` asks for the places that they administer."""

    user_id: str


@dataclass(frozen=True, slots=True)
class AdministeredItem:
    """A place with the caller's level there, how many access managers it has, and how many requests wait.

    A practice that the directory does not have has no name and no lines.
    """

    tin: str
    line: Line
    practice: str | None
    practice_lines: tuple[Line, ...]
    level: Level
    managers: int
    awaiting: int


def read_practices(command: ReadPractices, work: UnitOfWork[Store], ports: Ports) -> Sequence[AdministeredItem]:
    """Sorted by TIN and line; nothing for a user who administers nothing."""
    now = ports.clock.now()
    with work.reading() as store:
        giver = standing_giver(command.user_id, store, now)
        places = sorted(giver.administered)
        practices = store.practices.of({place.tin for place in places})
        managers = active_managers(places, store, now)
        waiting = store.listings.count_waiting(places)
    return [
        AdministeredItem(
            tin=place.tin,
            line=place.line,
            practice=practices[place.tin].name if place.tin in practices else None,
            practice_lines=lines_of(practices.get(place.tin)),
            level=giver.standing[place].level,
            managers=len(managers[place]),
            awaiting=waiting.get(place, 0),
        )
        for place in places
    ]
