"""Tell managers who waits for their decision, and applicants how it went (REG-12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell
from services.notify.application.welcome_applicant import note_opened
from services.notify.domain.gathering import OpenedRequest
from services.notify.domain.occasions import Occasion
from services.notify.domain.places import place


@dataclass(frozen=True, slots=True)
class OpenRequest(Command):
    """A request waits for a decision, or for there to be somebody who can make it."""

    request_id: str
    registration_id: str | None
    applicant: str
    tin: str
    line: str
    practice: str | None
    managers: tuple[str, ...]
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class DecideRequest(Command):
    """A request was decided: `notice` and `facts` say how."""

    notice: str
    user_id: str
    decided_by: str
    tin: str
    line: str
    practice: str | None
    facts: Mapping[str, Any]
    occasion: Occasion


def open_request(command: OpenRequest, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell every manager of the TIN and line, and remember it for the applicant's own mail (REG-10)."""
    store = work.writing()
    if command.practice:
        store.practices.save(command.tin, command.practice)
    shown = place(command.tin, command.line, command.practice)
    news = News("request_awaiting", {"applicant": command.applicant, "place": shown}, command.occasion)
    tell(news, command.managers, work, ports)
    if command.registration_id:
        opened = OpenedRequest(command.request_id, shown, command.managers)
        note_opened(command.registration_id, opened, work, ports)


def decide_request(command: DecideRequest, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the applicant."""
    decider = work.writing().recipients.get(command.decided_by)
    facts = {
        **command.facts,
        "place": place(command.tin, command.line, command.practice),
        "by": decider.name if decider else None,
    }
    tell(News(command.notice, facts, command.occasion), [command.user_id], work, ports)
