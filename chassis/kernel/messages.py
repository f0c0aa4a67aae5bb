"""Commands are wishes, events are facts, messages are the public form in which a fact leaves its service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """A wish, named by a verb in the imperative (`GiveAccess`)."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact, named by a past participle (`AccessGiven`)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A fact in its public form (`events.md`).

    `type` stands without the prefix `wardenry.` and with its version: `identity.account.created.v1`. `subject` is
    the key within which order is kept, such as `account/mmartin5`. `data` is plain JSON.
    """

    type: str
    subject: str
    data: Mapping[str, Any]


Publish = Callable[[Event], Message]
"""Translates a service's event into its public form; raises `LookupError` for an event without one."""
