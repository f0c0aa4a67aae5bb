"""The bases of event shapes: a publisher's promise, and a consumer's own copy of what it needs of it."""

from __future__ import annotations

from marshmallow import EXCLUDE, RAISE, Schema


class PublishedSchema(Schema):
    """What a service promises of an event's `data`: every field, and no other."""

    class Meta:
        unknown = RAISE


class ConsumedSchema(Schema):
    """What a consumer needs of an event's `data`; what it does not know it passes over (`events.md`, rule 3)."""

    class Meta:
        unknown = EXCLUDE
