"""The limits that an operator may change as they like: policies, which hold for the queues that stand already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SERVICES = r"^wardenry\.[a-z]+$"
_PARKED = r"^wardenry\.[a-z]+\.parked$"
_SUBSCRIBERS = r"^subscriber\."


@dataclass(frozen=True, slots=True)
class Limits:
    """How many messages and bytes the kinds of queue may hold.

    A service's full queue refuses, and the event stays in its outbox; a subscriber's full queue drops its oldest.
    """

    queue_messages: int = 1_000_000
    queue_bytes: int = 4 * 2**30
    parked_messages: int = 100_000
    parked_bytes: int = 2**30
    subscriber_messages: int = 100_000
    subscriber_bytes: int = 2**28


def policies(limits: Limits) -> Mapping[str, Mapping[str, Any]]:
    """The policies by name. What must not be lost stands in the queues' arguments, where no policy undoes it."""
    return {
        "wardenry-queues": _policy(_SERVICES, limits.queue_messages, limits.queue_bytes),
        "wardenry-parked": _policy(_PARKED, limits.parked_messages, limits.parked_bytes),
        "wardenry-subscribers": _policy(_SUBSCRIBERS, limits.subscriber_messages, limits.subscriber_bytes),
    }


def _policy(pattern: str, messages: int, size: int) -> dict[str, Any]:
    definition = {"max-length": messages, "max-length-bytes": size}
    return {"pattern": pattern, "definition": definition, "priority": 10, "apply-to": "queues"}
