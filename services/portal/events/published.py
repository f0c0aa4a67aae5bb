"""The portal publishes nothing: whatever is done on its pages, another service does and tells."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema

from chassis.kernel.messages import Event, Message

SOURCE = "portal"
SCHEMAS: Mapping[str, type[Schema]] = {}


def publish(event: Event) -> Message:
    """Raises `LookupError` for every event."""
    raise LookupError(f"{type(event).__name__} has no public form")
