"""What is counted and timed (OPS-5). The classes here count nothing: they are what code is handed where nobody looks,
and what `chassis.telemetry.prometheus` fills in.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property


class Outcome(StrEnum):
    """What became of one event of an inbox: applied, passed over as not wanted, to be tried again, parked, or waiting
    for something that another event is still to bring.
    """

    DONE = "done"
    PASSED = "passed"
    RETRIED = "retried"
    PARKED = "parked"
    WAITED = "waited"


class HttpMeter:
    """Counts what a web application answers."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answer; `route` is the template, never the path."""


class BusMeter:
    """Counts what goes out to the bus and what comes in from it."""

    def published(self, confirmed: int, seconds: float) -> None:
        """A batch was published and answered for within `seconds`; so many of it are safe."""

    def unroutable(self, count: int) -> None:
        """So many came back: no queue wanted them."""

    def received(self, count: int) -> None:
        """So many stand in the inbox now; repeats count too."""

    def unreadable(self) -> None:
        """One was no envelope at all, and was set aside."""

    def handled(self, event_type: str, outcome: Outcome, count: int) -> None:
        """So many events of one type were worked off, or were tried to be."""

    def handling_took(self, event_type: str, seconds: float) -> None:
        """A handler was done with an event after so long."""

    def took_effect(self, seconds: float) -> None:
        """An event's effect was committed so long after the event itself."""


class LoopMeter:
    """Tells of the loops of a working process: relay, consumer, inbox, errands."""

    def stepped(self, loop: str) -> None:
        """A step ended well just now."""

    def failed(self, loop: str) -> None:
        """A step raised."""


class ConnectionsMeter:
    """Tells how much of a connection pool is taken."""

    def offered(self, count: int) -> None:
        """So many there may be at most."""

    def taken(self) -> None:
        """One was taken out."""

    def given_back(self) -> None:
        """One came back."""


class HashingMeter:
    """Tells how busy the slots are in which passwords are hashed."""

    def offered(self, count: int) -> None:
        """So many run at once at most."""

    def waits(self, change: int) -> None:
        """One more (1) or one fewer (-1) waits for a slot."""

    def runs(self, change: int) -> None:
        """One more (1) or one fewer (-1) holds a slot."""

    def refused(self) -> None:
        """The queue was full, or the wait too long."""


class DeliveryMeter:
    """Counts what is handed to the providers of mail and SMS."""

    def attempted(self, channel: str, outcome: str, seconds: float) -> None:
        """An attempt ended: `sent`, `failed`, `expired`, or `queued` again for another one."""


class CheckMeter:
    """Counts what questions about access are answered from."""

    def answered(self, source: str, count: int) -> None:
        """So many were answered from `memory`, or from the `database`."""


class Meters:
    """The meters of one service in one process."""

    @cached_property
    def http(self) -> HttpMeter:
        """Of its web application."""
        return HttpMeter()

    @cached_property
    def bus(self) -> BusMeter:
        """Of relay, consumer and inbox."""
        return BusMeter()

    @cached_property
    def loops(self) -> LoopMeter:
        """Of whatever runs in a loop."""
        return LoopMeter()

    @cached_property
    def connections(self) -> ConnectionsMeter:
        """Of its connections to the database."""
        return ConnectionsMeter()

    @cached_property
    def hashing(self) -> HashingMeter:
        """Of the hashing of passwords."""
        return HashingMeter()

    @cached_property
    def deliveries(self) -> DeliveryMeter:
        """Of sending messages."""
        return DeliveryMeter()

    @cached_property
    def checks(self) -> CheckMeter:
        """Of checks of access."""
        return CheckMeter()
