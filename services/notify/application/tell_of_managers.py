"""Keep who manages which practice, and tell the managers when their number changes."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell
from services.notify.domain.occasions import Occasion
from services.notify.domain.places import place

SUPPORT = "support:"
"""How the plan's agents are named among those who change access."""


@dataclass(frozen=True, slots=True)
class ChangeManagers(Command):
    """Somebody became a manager or is none any more; `managers` is everybody after the change.

    `applicants` are those whose requests had nobody until then.
    """

    tin: str
    line: str
    practice: str | None
    user_id: str
    name: str
    by: str
    added: bool
    managers: tuple[str, ...]
    applicants: tuple[str, ...]
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class WarnLastManager(Command):
    """A practice has fallen to a single manager, or to none."""

    tin: str
    line: str
    practice: str | None
    managers: tuple[str, ...]
    occasion: Occasion


def change_managers(command: ChangeManagers, work: UnitOfWork[Store], ports: Ports) -> None:
    """Keep the managers, and tell every other manager of the TIN, whatever their line."""
    store = work.writing()
    store.managers.replace(command.tin, command.line, command.managers)
    if command.practice:
        store.practices.save(command.tin, command.practice)
    if command.added and command.by.startswith(SUPPORT):
        _tell_of_appointment(command, work, ports)
    others = sorted(store.managers.of_tin(command.tin) - {command.user_id})
    by = store.recipients.get(command.by)
    facts = {
        "place": place(command.tin, command.line, store.practices.name(command.tin)),
        "manager": command.name,
        "added": command.added,
        "by": by.name if by else None,
    }
    tell(News("manager_added", facts, command.occasion), others, work, ports)


def _tell_of_appointment(command: ChangeManagers, work: UnitOfWork[Store], ports: Ports) -> None:
    """The new manager hears how many wait for them, and those who wait that there is somebody now (REG-13)."""
    name = work.writing().practices.name(command.tin)
    facts = {"place": place(command.tin, command.line, name), "waiting": len(command.applicants)}
    appointed = News("manager_appointed", {**facts, "manager": None}, command.occasion)
    tell(appointed, [command.user_id], work, ports)
    waiting = [each for each in command.applicants if each != command.user_id]
    tell(News("manager_appointed", {**facts, "manager": command.name}, command.occasion), waiting, work, ports)


def warn_last_manager(command: WarnLastManager, work: UnitOfWork[Store], ports: Ports) -> None:
    """Ask the one who is left to name a second."""
    store = work.writing()
    if command.practice:
        store.practices.save(command.tin, command.practice)
    facts = {"place": place(command.tin, command.line, command.practice or store.practices.name(command.tin))}
    tell(News("managers_below_two", facts, command.occasion), command.managers, work, ports)
