"""Tell users what was given to them, changed or taken away without their asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell
from services.notify.application.tell_of_managers import SUPPORT
from services.notify.domain.occasions import Occasion
from services.notify.domain.places import place

_WITH_THE_ACCOUNT: Final = "system:identity"
"""Who ends access because its holder's account is gone."""


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody may do at a practice; `until` is a date (ISO 8601), None without an end."""

    level: str
    functions: int
    until: str | None


@dataclass(frozen=True, slots=True)
class ChangeAccess(Command):
    """Access was given (`before` is None), changed, or removed (`after` is None)."""

    user_id: str
    by: str
    tin: str
    line: str
    practice: str | None
    request_id: str | None
    before: Held | None
    after: Held | None
    occasion: Occasion


def change_access(command: ChangeAccess, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the user. What was given on a request is told by the request's approval, and what support gave by the
    notice of the appointment: one mail for each.

    Of what ended with an account nobody is left to be told (IDN-13).
    """
    store = work.writing()
    if command.practice:
        store.practices.save(command.tin, command.practice)
    if (command.request_id and command.before is None) or command.by == _WITH_THE_ACCOUNT:
        return
    if command.by.startswith(SUPPORT) and command.after:
        return
    giver = store.recipients.get(command.by)
    facts = {
        "place": place(command.tin, command.line, command.practice),
        "by": giver.name if giver else None,
        "before": _told(command.before),
        "after": _told(command.after),
    }
    notice = "access_changed" if command.after else "access_removed"
    tell(News(notice, facts, command.occasion), [command.user_id], work, ports)


def _told(held: Held | None) -> dict[str, str | int | None] | None:
    return {"level": held.level, "functions": held.functions, "until": held.until} if held else None
