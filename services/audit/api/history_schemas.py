"""The shapes of the delegation history (`api.md`, audit)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from chassis.kernel.user_ids import fold
from chassis.web.paging import PageQuery
from chassis.web.schemas import Coded, Instant, QuerySchema, ResponseSchema
from services.audit.api.periods import Beginning, End
from services.audit.application.ports import Placed
from services.audit.domain.changes import TITLES, Grant, Kind
from services.audit.domain.reading import HistoryFilter

_DIGITS = 9
_WISHES = ("tin", "user_id", "kind", "since", "before")


def _is_tin(text: str) -> None:
    if len(text) != _DIGITS or not (text.isascii() and text.isdecimal()):
        raise Coded("tin_invalid", "A TIN has nine digits.")


class _HistoryFilterSchema(QuerySchema):
    """Loads to a dict with `wished`, a `HistoryFilter`, `reason` if given, and whatever else the query has."""

    tin = fields.String(
        validate=_is_tin,
        metadata={"description": "One practice; without it all that you may see.", "pattern": "^[0-9]{9}$"},
    )
    since = Beginning(data_key="from", description="A day or a moment, with which the period begins.")
    before = End(data_key="to", description="A day, which belongs to the period, or the moment that ends it.")
    user_id = fields.String(
        data_key="user", validate=validate.Length(1, 64), metadata={"description": "Whom the change concerns."}
    )
    kind = fields.Enum(Kind, by_value=True, data_key="type", metadata={"description": "What kind of change."})
    reason = fields.String(
        validate=validate.Length(1, 500),
        metadata={"description": "Why support looks; required of support, and kept."},
    )

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Put the wishes together."""
        wishes = {name: data.pop(name) for name in _WISHES if name in data}
        if "user_id" in wishes:
            wishes["user_id"] = fold(wishes["user_id"])
        return {**data, "wished": HistoryFilter(**wishes)}


class HistoryQuery(_HistoryFilterSchema, PageQuery):
    """A page of the history."""


class DocumentQuery(_HistoryFilterSchema):
    """The whole history as a document."""


class GrantSchema(ResponseSchema):
    """What somebody may do for the TIN and line."""

    level = fields.String(required=True)
    functions = fields.List(fields.String(), required=True)
    until = Instant(required=True, allow_none=True)


class DetailsSchema(ResponseSchema):
    """What exactly was changed; `before` and `after` are null where there was, or is, no access."""

    before = fields.Nested(GrantSchema, required=True, allow_none=True)
    after = fields.Nested(GrantSchema, required=True, allow_none=True)
    request_id = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class ChangeSchema(ResponseSchema):
    """One change in who may do what."""

    at = Instant(required=True)
    changed_by = fields.String(required=True, metadata={"description": "A user ID, or `system`."})
    type = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    type_title = fields.String(required=True)
    user_id = fields.String(required=True, allow_none=True)
    first_name = fields.String(required=True, allow_none=True)
    middle_initial = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    temporary_id = fields.String(required=True, allow_none=True)
    registered = fields.Boolean(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    tin = fields.String(required=True)
    line = fields.String(required=True)
    details = fields.Nested(DetailsSchema, required=True)


def shown(row: Placed) -> dict[str, Any]:
    """A row as `ChangeSchema` dumps it."""
    change, person = row.change, row.change.person
    return {
        "at": change.at,
        "changed_by": change.changed_by,
        "type": change.kind.value,
        "type_title": TITLES[change.kind],
        "user_id": change.user_id,
        "first_name": person.first_name,
        "middle_initial": person.middle_initial,
        "last_name": person.last_name,
        "temporary_id": change.temporary_id,
        "registered": change.registered,
        "email": person.email,
        "phone": person.phone,
        "tin": change.tin,
        "line": change.line,
        "details": {
            "before": _grant(change.before),
            "after": _grant(change.after),
            "request_id": change.request_id,
            "reason": change.reason,
        },
    }


def _grant(grant: Grant | None) -> dict[str, Any] | None:
    if grant is None:
        return None
    return {"level": grant.level, "functions": list(grant.functions), "until": grant.until}
