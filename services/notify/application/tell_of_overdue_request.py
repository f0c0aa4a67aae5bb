"""Tell managers, and at the end the applicant, of a request that nobody decides (REG-12)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell
from services.notify.domain.occasions import Occasion
from services.notify.domain.places import place


@dataclass(frozen=True, slots=True)
class OverdueRequest(Command):
    """A request has waited since a day (ISO 8601); `managers` are those who can decide it, or could until it ended."""

    user_id: str
    applicant: str
    since: str
    tin: str
    line: str
    practice: str | None
    managers: tuple[str, ...]
    occasion: Occasion


def remind_managers(notice: str, command: OverdueRequest, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell every manager of the TIN and line that somebody still waits."""
    tell(_news(notice, command, applicant=command.applicant), command.managers, work, ports)


def expire_request(command: OverdueRequest, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the applicant how to ask again, and the managers that there is nothing to decide any more."""
    tell(_news("request_expired", command, applicant=None), [command.user_id], work, ports)
    tell(_news("request_expired", command, applicant=command.applicant), command.managers, work, ports)


def _news(notice: str, command: OverdueRequest, *, applicant: str | None) -> News:
    """`applicant` is the name of whoever asked, None in what they are told themselves."""
    shown = place(command.tin, command.line, command.practice)
    return News(notice, {"applicant": applicant, "since": command.since, "place": shown}, command.occasion)
