"""A forgotten password's way to a new one: the order of its steps, which nobody can go round (IDN-7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.identity.domain.codes import Channel
from services.identity.domain.errors import OutOfOrderError


class Step(StrEnum):
    """begun → code_sent → proven → done; or from code_sent to ended, after too many wrong tries.

    `proven` is reached by a code, a date of birth and an answer together, and by nothing else.
    """

    BEGUN = "begun"
    CODE_SENT = "code_sent"
    PROVEN = "proven"
    DONE = "done"
    ENDED = "ended"


_OVER = frozenset({Step.DONE, Step.ENDED})


@dataclass(frozen=True, slots=True)
class Send:
    """A code that went out, or would have."""

    at: datetime
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A recovery under way, of an account (`user_id`) or of nobody, where the user ID that was typed is unknown.

    `key` is the keyed hash of what was typed, `secret_hash` the SHA-256 of what its client alone knows. `sends` are
    when and how codes went out, or would have; a code that was redeemed takes them along (IDN-2).
    """

    id: str
    key: str
    user_id: str | None
    secret_hash: str
    site: str
    step: Step
    created_at: datetime
    expires_at: datetime
    sends: tuple[Send, ...] = ()

    def is_open_at(self, now: datetime) -> bool:
        """Whether it can still be carried on."""
        return self.step not in _OVER and now < self.expires_at

    def sent(self, now: datetime, channel: Channel) -> Recovery:
        """A code goes out, again if need be; raises `OutOfOrderError` once everything was proven."""
        self._require(Step.BEGUN, Step.CODE_SENT)
        return replace(self, step=Step.CODE_SENT, sends=(*self.sends, Send(now, channel)))

    def awaits_proofs(self) -> None:
        """Raises `OutOfOrderError` unless a code went out and nothing was proven yet."""
        self._require(Step.CODE_SENT)

    def proven(self) -> Recovery:
        """Code, date of birth and answer were right; raises `OutOfOrderError`."""
        self._require(Step.CODE_SENT)
        return replace(self, step=Step.PROVEN, sends=())

    def awaits_password(self) -> None:
        """Raises `OutOfOrderError` unless everything was proven."""
        self._require(Step.PROVEN)

    def done(self) -> Recovery:
        """There is a new password; raises `OutOfOrderError`."""
        self._require(Step.PROVEN)
        return replace(self, step=Step.DONE)

    def ended(self) -> Recovery:
        """Given up after too many wrong tries; raises `OutOfOrderError`."""
        self._require(Step.CODE_SENT)
        return replace(self, step=Step.ENDED)

    def _require(self, *steps: Step) -> None:
        if self.step not in steps:
            raise OutOfOrderError
