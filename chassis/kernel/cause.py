"""Who brought a change about, from where, and in which correlation: it travels with every event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """The origin of a change (`events.md`, envelope extensions).

    `actor` is `user:<id>`, `support:<id>`, `client:<id>` or `system:<part>`; `address` the network address of the
    person's client, where there is one; `causation_id` the event that led here, where one did.
    """

    actor: str
    correlation_id: str
    causation_id: str | None = None
    site: str | None = None
    address: str | None = None
    traceparent: str | None = None
