"""Send a code to where identity sealed it for (IDN-2, NTF-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import ending
from services.notify.domain.codes import notice_for
from services.notify.domain.message import Message, Sealed
from services.notify.domain.notices import Channel
from services.notify.domain.occasions import Occasion


@dataclass(frozen=True, slots=True)
class SendCode(Command):
    """A code was asked for; who gets it, and what it is, is in the seal."""

    user_id: str
    purpose: str
    channel: Channel
    language: str
    site: str
    expires_at: datetime
    sealed: Sealed
    occasion: Occasion


def send_code(command: SendCode, work: UnitOfWork[Store], ports: Ports) -> None:
    """Queue the code ahead of everything else; one that has expired is noted as such and never sent (NTF-2)."""
    store = work.writing()
    if not command.occasion.calls_for_messages(store.sends_since()):
        return
    message = _message(command, store.now(), ports)
    if message.is_over(message.queued_at):
        message = message.expired(message.queued_at)
    if store.messages.add(message) and message.ended_at:
        work.record(ending(message))


def _message(command: SendCode, now: datetime, ports: Ports) -> Message:
    notice = ports.notices[notice_for(command.purpose)]
    (channel,) = notice.over(command.channel if notice.one_of else None)
    return Message(
        id=str(new_id()),
        notice=notice.code,
        channel=channel,
        recipient=f"user:{command.user_id}",
        user_id=command.user_id,
        address=None,
        language=command.language,
        site=command.site,
        facts={"purpose": command.purpose, "minutes": _minutes(command.expires_at - command.occasion.at)},
        occasion=command.occasion,
        queued_at=now,
        due_at=now,
        sealed=command.sealed,
        expires_at=command.expires_at,
    )


def _minutes(life: timedelta) -> int:
    return max(1, round(life.total_seconds() / 60))
