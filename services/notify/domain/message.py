"""A message to one recipient over one channel, and the states it goes through (NTF-2, NTF-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from services.notify.domain.notices import Channel
from services.notify.domain.occasions import Occasion
from services.notify.domain.pauses import TRIED_FOR, pause_after
from services.notify.domain.recipients import Recipient

FAREWELL: Final = "removed"
"""The notice that an account is gone, whose address nobody keeps."""


class State(StrEnum):
    """queued → sending → sent, failed or expired; from sending back to queued where another attempt is due.

    Or from the beginning replayed: it was told before this database knew of it, and is never sent again.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    REPLAYED = "replayed"


class Reason(StrEnum):
    """Why a message was not sent, or not yet."""

    EXPIRED = "expired"
    NO_ADDRESS = "no_address"
    NO_CHANNEL = "no_channel"
    NOT_RENDERED = "not_rendered"
    OPTED_OUT = "opted_out"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    UNSEALABLE = "unsealable"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Address and secret of a message, to be opened only as it leaves; `place` is bound into the seal."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message; unique by notice, causing event, recipient and channel, which is what makes it at most one.

    `recipient` is `user:<id>` or `address:<address>`. A `sealed` message has its address and its secret in
    the seal. While the message is open, `due_at` says when to look at it again: its next attempt, or the end of a
    sender's claim.
    """

    id: str
    notice: str
    channel: Channel
    recipient: str
    user_id: str | None
    address: str | None
    language: str
    site: str
    facts: Mapping[str, Any]
    occasion: Occasion
    queued_at: datetime
    due_at: datetime | None
    sealed: Sealed | None = None
    expires_at: datetime | None = None
    state: State = State.QUEUED
    attempts: int = 0
    reason: Reason | None = None
    ended_at: datetime | None = None

    @property
    def urgent(self) -> bool:
        """Whether it goes ahead of everything else: a code, which somebody waits for (NTF-2)."""
        return self.expires_at is not None

    def is_over(self, now: datetime) -> bool:
        """Whether it has expired and must never be sent any more."""
        return self.expires_at is not None and now >= self.expires_at

    def awaiting_address(self) -> Message:
        """For somebody whose address is not verified yet: kept for a day, in case it comes to be."""
        return replace(self, due_at=self.queued_at + TRIED_FOR, reason=Reason.NO_ADDRESS)

    def addressed(self, to: Recipient, now: datetime) -> Message:
        """Due at once, now that it is known where to and in which language it goes."""
        facts = {**self.facts, "first_name": to.first_name}
        return replace(
            self, address=to.address, language=to.language, site=to.site, facts=facts, due_at=now, reason=None
        )

    def claimed(self, now: datetime, lease: timedelta) -> Message:
        """Taken by a sender, who has `lease` before another may take it for lost."""
        return replace(self, state=State.SENDING, attempts=self.attempts + 1, due_at=now + lease)

    def prolonged(self, now: datetime, lease: timedelta) -> Message:
        """Still in its sender's hands, who has `lease` once more."""
        return replace(self, due_at=now + lease)

    def sent(self, now: datetime, address: str | None) -> Message:
        """Handed over to the provider; the secret in it is gone (NTF-8), and so is a farewell's address (IDN-13)."""
        return replace(self._ended(State.SENT, now, None), address=None if self.notice == FAREWELL else address)

    def expired(self, now: datetime) -> Message:
        """Too late to be of use; the secret in it is gone."""
        return self._ended(State.EXPIRED, now, Reason.EXPIRED)

    def failed(self, now: datetime, reason: Reason) -> Message:
        """Given up, visibly; the secret in it is gone."""
        return self._ended(State.FAILED, now, reason)

    def postponed(self, now: datetime, reason: Reason) -> Message:
        """To be tried again after a growing pause; given up where that would be later than a day after queueing."""
        again = now + pause_after(self.attempts, urgent=self.urgent)
        if again > self.queued_at + TRIED_FOR:
            return self.failed(now, reason)
        return replace(self, state=State.QUEUED, due_at=again, reason=reason)

    def replayed(self) -> Message:
        """Known as told when its occasion was (`events.md`, rule 5)."""
        return replace(self._ended(State.REPLAYED, self.occasion.at, None), queued_at=self.occasion.at)

    def _ended(self, state: State, now: datetime, reason: Reason | None) -> Message:
        return replace(self, state=state, ended_at=now, due_at=None, sealed=None, reason=reason)
