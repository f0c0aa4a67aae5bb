"""Tell somebody something at the address that identity sealed it for, whatever is known of them here (NTF-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import keep
from services.notify.domain.message import Message, Sealed
from services.notify.domain.notices import Channel
from services.notify.domain.occasions import Occasion


@dataclass(frozen=True, slots=True)
class TellSealed(Command):
    """A notice to an account, its facts, and the seal with the rest; `channel` is the one that it was sealed for.

    Where the notice goes over each of its channels, `channel` says nothing.
    """

    notice: str
    user_id: str
    language: str
    site: str
    facts: Mapping[str, Any]
    sealed: Sealed
    occasion: Occasion
    channel: Channel | None = None


def tell_sealed(command: TellSealed, work: UnitOfWork[Store], ports: Ports) -> None:
    """Queue it, with nothing of the person in it but the seal, which goes once it is sent."""
    store = work.writing()
    if not command.occasion.calls_for_messages(store.sends_since()):
        return
    notice, now = ports.notices[command.notice], store.now()
    for channel in notice.over(command.channel if notice.one_of else None):
        message = Message(
            id=str(new_id()),
            notice=command.notice,
            channel=channel,
            recipient=f"user:{command.user_id}",
            user_id=command.user_id,
            address=None,
            language=command.language,
            site=command.site,
            facts=command.facts,
            occasion=command.occasion,
            queued_at=now,
            due_at=now,
            sealed=command.sealed,
        )
        keep(message, work, ports)
