"""Say what the directory knows of a TIN (REG-2)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import Fault, InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.lines import Lines
from services.registration.domain.tins import bare_tin
from services.registration.domain.values import RefusedError


@dataclass(frozen=True, slots=True)
class ShowPractice(Command):
    """A TIN as somebody wrote it."""

    tin: str


@dataclass(frozen=True, slots=True)
class ShownPractice:
    """What is known: a TIN without a name is not currently associated with the plan."""

    tin: str
    associated: bool
    name: str | None
    lines: Lines


def show_practice(command: ShowPractice, work: UnitOfWork[Store], _: Ports) -> ShownPractice:
    """The practice of the TIN; raises `InvalidError` (`tin_invalid`) for what is no TIN."""
    try:
        tin = bare_tin(command.tin)
    except RefusedError as refused:
        raise InvalidError([Fault("/tin", refused.code, refused.detail)]) from refused
    with work.reading() as store:
        practice = store.practices.named({tin}).get(tin)
    if practice is None:
        return ShownPractice(tin, associated=False, name=None, lines=())
    return ShownPractice(tin, associated=True, name=practice.name, lines=practice.lines)
