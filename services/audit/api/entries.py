"""`entries`: the log itself, for support (AUD-5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from marshmallow import fields, post_load, validate

from chassis.security.callers import SUPPORT_SCOPE
from chassis.web.access import needs_scope
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, page
from chassis.web.schemas import Instant, ResponseSchema, list_of
from services.audit.api.context import context
from services.audit.api.periods import Beginning, End
from services.audit.application.ports import EntryFilter, Found
from services.audit.application.search_entries import SearchEntries, search_entries

_SOUGHT = ("type", "subject", "actor", "since", "before")

blueprint = Blueprint("entries", __name__, url_prefix="/entries", description="The log, entry by entry.")


class EntriesQuery(PageQuery):
    """What is sought; loads to `sought`, an `EntryFilter`."""

    type = fields.String(validate=validate.Length(1, 100), metadata={"example": "entitlements.access.given.v1"})
    subject = fields.String(validate=validate.Length(1, 200), metadata={"example": "access/mmartin5"})
    actor = fields.String(validate=validate.Length(1, 100), metadata={"example": "user:mmartin5"})
    since = Beginning(data_key="from", description="A day or a moment.")
    before = End(data_key="to", description="A day, itself included, or a moment, itself not.")

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Put together what is sought."""
        return {**data, "sought": EntryFilter(**{name: data.pop(name) for name in _SOUGHT if name in data})}


class EntrySchema(ResponseSchema):
    """One entry; `data` is the event's without personal values, to which `commitments` of the leaf stand."""

    index = fields.Integer(required=True)
    id = fields.String(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    sequence = fields.Integer(required=True)
    at = Instant(required=True)
    actor = fields.String(required=True)
    site = fields.String(required=True, allow_none=True)
    correlation_id = fields.String(required=True)
    causation_id = fields.String(required=True, allow_none=True)
    recorded_at = Instant(required=True)
    data = fields.Dict(required=True)
    leaf_hash = fields.String(required=True, metadata={"description": "RFC 9162, in hexadecimal."})


@blueprint.route("")
@needs_scope(SUPPORT_SCOPE)
@blueprint.arguments(EntriesQuery, location="query")
@blueprint.response(200, list_of(EntrySchema))
def get_entries(query: dict[str, Any]) -> dict[str, Any]:
    """Search the log, newest first."""
    below = query["cursor"][0] if query["cursor"] else None
    wish = SearchEntries(query["sought"], below, query["limit"])
    found = search_entries(wish, context.work, context.ports)
    shown = found[: query["limit"]]
    return page(map(_shown, shown), (shown[-1].index,) if len(found) > len(shown) else None)


def _shown(found: Found) -> dict[str, Any]:
    leaf = orjson.loads(found.leaf)
    return {
        "index": found.index,
        "id": found.event_id,
        "source": found.source,
        "type": found.type,
        "subject": found.subject,
        "sequence": found.sequence,
        "at": found.at,
        "actor": found.actor,
        "site": leaf["actorsite"],
        "correlation_id": leaf["correlationid"],
        "causation_id": leaf["causationid"],
        "recorded_at": datetime.fromisoformat(leaf["recordedat"]),
        "data": leaf["data"],
        "leaf_hash": found.leaf_hash.hex(),
    }
