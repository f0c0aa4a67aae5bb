"""What `wardenry bus` is told by the environment about the broker."""

from __future__ import annotations

from pydantic import Field

from chassis.bus.operations.limits import Limits
from chassis.settings import Address, Settings

_KEPT = Limits()


class BrokerSettings(Settings):
    """Where the broker is, and the limits of its queues, each read from `WARDENRY_` and the field's name."""

    broker_url: Address
    """RabbitMQ, as the services use it."""

    broker_management_url: Address | None = None
    """Its management API, `https://user:password@host:15671`; without a user in it, that of `broker_url`."""

    bus_queue_messages: int = Field(_KEPT.queue_messages, ge=1_000)
    bus_queue_bytes: int = Field(_KEPT.queue_bytes, ge=2**20)
    bus_parked_messages: int = Field(_KEPT.parked_messages, ge=100)
    bus_parked_bytes: int = Field(_KEPT.parked_bytes, ge=2**20)
    bus_subscriber_messages: int = Field(_KEPT.subscriber_messages, ge=1)
    bus_subscriber_bytes: int = Field(_KEPT.subscriber_bytes, ge=2**10)

    @property
    def limits(self) -> Limits:
        """The limits of the kinds of queue."""
        return Limits(
            queue_messages=self.bus_queue_messages,
            queue_bytes=self.bus_queue_bytes,
            parked_messages=self.bus_parked_messages,
            parked_bytes=self.bus_parked_bytes,
            subscriber_messages=self.bus_subscriber_messages,
            subscriber_bytes=self.bus_subscriber_bytes,
        )

    @property
    def url(self) -> str:
        """The broker's address with its password."""
        return self.broker_url.get_secret_value()

    @property
    def management_url(self) -> str | None:
        """The management API's address with its password."""
        return self.broker_management_url.get_secret_value() if self.broker_management_url else None
