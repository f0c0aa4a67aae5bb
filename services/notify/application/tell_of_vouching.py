"""Tell one contact of a new address on its way, where identity sealed it for (IDN-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell_sealed import TellSealed, tell_sealed
from services.notify.domain.message import Sealed
from services.notify.domain.notices import Channel
from services.notify.domain.occasions import Occasion

OLD: Final = "contact_vouched"
NEW: Final = "vouched_contact"

_NOTICES: Final = {"vouched": OLD, "confirmed": OLD, "replaced": OLD, "to_be_verified": NEW, "works": NEW}
"""Which notice carries which of identity's words."""


@dataclass(frozen=True, slots=True)
class TellOfVouching(Command):
    """The word, over what its contact is reached by; `by` vouched, and it works from `works_at` on, once that is set.

    Where it goes, and what stops it, is in the seal.
    """

    user_id: str
    word: str
    channel: Channel
    by: str
    works_at: datetime | None
    language: str
    site: str
    sealed: Sealed
    occasion: Occasion


def tell_of_vouching(command: TellOfVouching, work: UnitOfWork[Store], ports: Ports) -> None:
    """Queue it; the contact's address is in the seal alone."""
    manager = work.writing().recipients.get(command.by)
    told = TellSealed(
        notice=_NOTICES[command.word],
        user_id=command.user_id,
        channel=command.channel,
        language=command.language,
        site=command.site,
        facts={
            "word": command.word,
            "manager": manager.name if manager else None,
            "works_on": command.works_at.date().isoformat() if command.works_at else None,
        },
        sealed=command.sealed,
        occasion=command.occasion,
    )
    tell_sealed(told, work, ports)
