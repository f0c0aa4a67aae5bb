"""Tell support of practices that nobody manages, and whoever was named as manager of one (REG-11, REG-13)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell_outsider, tell_support
from services.notify.domain.occasions import Occasion
from services.notify.domain.places import place
from services.notify.domain.recipients import DEFAULT_LANGUAGE, Addressee


@dataclass(frozen=True, slots=True)
class TellOfCase(Command):
    """A case was opened, for a reason, or was not closed in time; `due_on` is a date (ISO 8601)."""

    tin: str
    line: str
    practice: str | None
    reason: str
    due_on: str
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class AskNominee(Command):
    """An applicant named somebody as manager of a practice; `language` and `site` are the applicant's."""

    tin: str
    line: str
    practice: str | None
    applicant: str | None
    first_name: str
    email: str
    language: str | None
    site: str
    occasion: Occasion


def open_outreach(command: TellOfCase, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell support's queue and every agent."""
    tell_support(News("outreach_opened", _facts(command), command.occasion), work, ports)


def raise_outreach(command: TellOfCase, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the support lead, and every agent."""
    news = News("outreach_overdue", _facts(command), command.occasion)
    tell_support(news, work, ports, address=ports.house.support_lead)


def ask_nominee(command: AskNominee, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the nominee who named them, and how to register; that commits nobody to anything (REG-11)."""
    facts = {"place": place(command.tin, command.line, command.practice), "applicant": command.applicant}
    nominee = Addressee(None, command.email, command.first_name, command.language or DEFAULT_LANGUAGE, command.site)
    tell_outsider(News("nominee_asked", facts, command.occasion), nominee, work, ports)


def _facts(command: TellOfCase) -> dict[str, object]:
    shown = place(command.tin, command.line, command.practice)
    return {"place": shown, "reason": command.reason, "due_on": command.due_on}
