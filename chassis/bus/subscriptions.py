"""What a service declares of the events it listens to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from marshmallow import Schema

from chassis.bus.envelope import Envelope
from chassis.bus.standing import STANDING_EFFECTS
from chassis.kernel.cause import Cause
from chassis.kernel.work import UnitOfWork

Store = TypeVar("Store")
Ports = TypeVar("Ports")
SchemaClass = type[Schema]

EVERY_TYPE = "*"
"""As a subscription's type: whatever the sources publish, also types unknown so far; `data` is then unchecked."""


@dataclass(frozen=True, slots=True)
class Received:
    """An event as a handler gets it; `data` has passed the subscription's schema."""

    envelope: Envelope
    data: dict[str, Any]

    @property
    def id(self) -> str:
        """The event's identifier."""
        return self.envelope.id

    @property
    def source(self) -> str:
        """The service that published it."""
        return self.envelope.source

    @property
    def type(self) -> str:
        """Its type without the prefix `wardenry.`."""
        return self.envelope.type

    @property
    def subject(self) -> str:
        """The key within which its order is kept."""
        return self.envelope.subject

    @property
    def sequence(self) -> int:
        """Its number within source and subject."""
        return self.envelope.sequence

    @property
    def time(self) -> datetime:
        """When the change was committed."""
        return self.envelope.time

    @property
    def replayed(self) -> bool:
        """Whether this is history, sent again to this service alone, which nobody outside may notice."""
        return self.envelope.replayed_from is not None

    @property
    def cause(self) -> Cause:
        """Who brought the published change about."""
        return self.envelope.cause


@dataclass(frozen=True, slots=True)
class Subscription(Generic[Store, Ports]):
    """One type of event that a service acts upon.

    `handle` works in the transaction that also marks the event as done; it neither commits nor waits for anything.
    It raises `NotYetKnownError` for a reference that another event is still to bring. `schema` is the consumer's own
    (`ConsumedSchema`); None leaves the data as it came. `together`, where a service has a quicker way with many than
    one by one, has the same effect on all of them as `handle` on each, in their order; it records nothing.
    """

    type: str
    schema: SchemaClass | None
    handle: Callable[[Received, UnitOfWork[Store], Ports], object]
    together: Callable[[Sequence[Received], UnitOfWork[Store], Ports], object] | None = None


def wanted_by(subscriptions: Sequence[Subscription[Any, Any]]) -> Callable[[str], bool]:
    """Which types of events these subscriptions want, with what every service does with some of identity's."""
    types = {each.type for each in subscriptions} | set(STANDING_EFFECTS)

    def wants(event_type: str) -> bool:
        return event_type in types or EVERY_TYPE in types

    return wants
