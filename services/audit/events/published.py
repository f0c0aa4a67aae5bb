"""What audit publishes: that somebody read the history (AUD-6)."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema, fields, validate

from chassis.bus.schemas import PublishedSchema
from chassis.kernel.messages import Event, Message
from services.audit.domain.changes import Kind
from services.audit.domain.moments import rfc3339
from services.audit.domain.reading import Format, HistoryExported, HistoryFilter, HistoryViewed

SOURCE = "audit"
VIEWED = "audit.history.viewed.v1"
EXPORTED = "audit.history.exported.v1"


class FiltersSchema(PublishedSchema):
    """What was asked for; what is absent was not narrowed."""

    tin = fields.String(validate=validate.Regexp(r"^\d{9}$"))
    user = fields.String()
    type = fields.String(validate=validate.OneOf([kind.value for kind in Kind]))
    since = fields.AwareDateTime(data_key="from", format="iso", metadata={"description": "Inclusive."})
    before = fields.AwareDateTime(data_key="to", format="iso", metadata={"description": "Exclusive."})


class _ReadingSchema(PublishedSchema):
    user_id = fields.String(required=True)
    filters = fields.Nested(FiltersSchema, required=True)
    rows = fields.Integer(required=True, strict=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Support's; null for others."})
    at = fields.AwareDateTime(required=True, format="iso")


class HistoryViewedSchema(_ReadingSchema):
    """A page of the delegation history was shown to somebody."""

    format = fields.String(required=True, allow_none=True, validate=validate.Equal(None))


class HistoryExportedSchema(_ReadingSchema):
    """The delegation history was downloaded by somebody."""

    format = fields.String(required=True, validate=validate.OneOf([each.value for each in Format]))


SCHEMAS: Mapping[str, type[Schema]] = {VIEWED: HistoryViewedSchema, EXPORTED: HistoryExportedSchema}


def publish(event: Event) -> Message:
    """The public form; raises `LookupError` for an event without one."""
    if isinstance(event, HistoryViewed):
        return Message(VIEWED, f"history/{event.user_id}", {**_reading(event), "format": None})
    if isinstance(event, HistoryExported):
        return Message(EXPORTED, f"history/{event.user_id}", {**_reading(event), "format": event.format.value})
    raise LookupError(f"{type(event).__name__} has no public form")


def _reading(event: HistoryViewed | HistoryExported) -> dict[str, object]:
    return {
        "user_id": event.user_id,
        "filters": _filters(event.wished),
        "rows": event.rows,
        "reason": event.reason,
        "at": rfc3339(event.at),
    }


def _filters(wished: HistoryFilter) -> dict[str, str]:
    filters = {
        "tin": wished.tin,
        "user": wished.user_id,
        "type": None if wished.kind is None else wished.kind.value,
        "from": None if wished.since is None else rfc3339(wished.since),
        "to": None if wished.before is None else rfc3339(wished.before),
    }
    return {name: value for name, value in filters.items() if value is not None}
