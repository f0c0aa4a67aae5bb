"""Take over what the directory says of practices; access follows their lines of business (REG-17)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.practices import Practice


@dataclass(frozen=True, slots=True)
class LearnPractices(Command):
    """Practices as the directory has them now."""

    practices: tuple[Practice, ...]


def learn_practices(command: LearnPractices, work: UnitOfWork[Store], ports: Ports) -> None:
    """Of each practice the highest version ever heard of stays, in whichever order they arrive.

    Where access has to follow, that is noted, and done soon by `follow_lines`: however many people have it, this is
    quickly over.
    """
    newest: dict[str, Practice] = {}
    for practice in command.practices:
        if practice.tin not in newest or practice.version > newest[practice.tin].version:
            newest[practice.tin] = practice
    store = work.writing()
    known = store.practices.of(newest)
    store.practices.put_newer(list(newest.values()))
    relined = [practice for tin, practice in newest.items() if tin not in known or _relines(practice, known[tin])]
    store.relinings.note(store.accesses.tins_astray(relined, ports.clock.now()), work.cause)


def _relines(practice: Practice, known: Practice) -> bool:
    return practice.version > known.version and practice.lines != known.lines
