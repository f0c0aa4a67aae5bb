"""Show an applicant what their form comes to so far, and all that is wrong with it (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import Fault
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.opening_invitations import count_miss
from services.registration.application.ports import Ports, Store
from services.registration.application.reviewing import judged, knock_with, mail_fault, review_form, wish_for
from services.registration.domain.form import Form
from services.registration.domain.lines import Line, Lines
from services.registration.domain.review import Directory
from services.registration.domain.tin_step import Choice


@dataclass(frozen=True, slots=True)
class PreviewRegistration(Command):
    """Any part of a form; what is left out is no fault."""

    form: Form
    site: str


@dataclass(frozen=True, slots=True)
class PreviewedTin:
    """One row as it was understood; `associated` is None for a row that names no TIN."""

    tin: str | None
    associated: bool | None
    name: str | None
    lines_offered: Lines
    line: Line | None
    manager_count: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The review: a row for each TIN (up to the limit), every fault, and user IDs to take instead of a taken one."""

    tins: tuple[PreviewedTin, ...]
    errors: tuple[Fault, ...]
    suggestions: tuple[str, ...]


def preview_registration(command: PreviewRegistration, work: UnitOfWork[Store], ports: Ports) -> Preview:
    """Judge a form; nothing is kept, but that a temporary password was wrong (REG-14).

    Raises `UnavailableError` where identity alone could say whether all is well.
    """
    with work.reading() as store:
        reviewed, directory = review_form(command.form, store, ports, whole=False)
    knocked = knock_with(command.form, work, ports)
    wish = wish_for(command.form, reviewed, command.site, work.cause.correlation_id)
    judgement = judged(wish, (*reviewed.faults, *mail_fault(reviewed, ports)), ports)
    missed = count_miss(knocked, work, ports)
    tins = tuple(_previewed(choice, directory) for choice in reviewed.choices)
    return Preview(tins, (*([missed] if missed else []), *judgement.faults), judgement.suggestions)


def _previewed(choice: Choice, directory: Directory) -> PreviewedTin:
    return PreviewedTin(
        tin=choice.tin,
        associated=None if choice.tin is None else choice.practice is not None,
        name=choice.practice.name if choice.practice else None,
        lines_offered=choice.offered,
        line=choice.line,
        manager_count=len(directory.managers_of(choice)),
    )
