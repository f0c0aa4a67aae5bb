"""What happens to messages, and to the numbers that texts go to, told to the other services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Event


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A message was handed to its provider, or laid into the portal's inbox."""

    message_id: str
    notice: str
    channel: str
    user_id: str | None
    cause_event: str
    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class MessageFailed(Event):
    """A message was given up; `reason` is a stable word."""

    message_id: str
    notice: str
    channel: str
    user_id: str | None
    cause_event: str
    at: datetime
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class NumberOptedOut(Event):
    """A mobile number (E.164) wants no texts of ours any more (NTF-5). `short_code` is what to text START to, where
    that is known.
    """

    number: str
    number_key: str
    short_code: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NumberOptedIn(Event):
    """A number that was opted out takes texts again."""

    number: str
    number_key: str
    short_code: str | None
    at: datetime
