"""Tell the owner of an account what threatens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell, tell_contacts
from services.notify.domain.occasions import Occasion


@dataclass(frozen=True, slots=True)
class WarnAccount(Command):
    """Something happened to an account that its owner must know."""

    notice: str
    user_id: str
    facts: Mapping[str, Any]
    occasion: Occasion


def warn_account(command: WarnAccount, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the account's owner."""
    tell(News(command.notice, command.facts, command.occasion), [command.user_id], work, ports)


def warn_contacts(command: WarnAccount, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the account's owner at every contact of theirs."""
    tell_contacts(News(command.notice, command.facts, command.occasion), command.user_id, work, ports)
