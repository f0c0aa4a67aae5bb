"""The shapes of imports over HTTP."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.web.schemas import Instant, QuerySchema, ResponseSchema, UploadField
from services.registration.domain.people_imports import ImportState


class UploadSchema(QuerySchema):
    """A `multipart/form-data` body. With `dry_run` false, it is carried out at once if nothing is wrong."""

    file = UploadField(required=True)
    dry_run = fields.Boolean(load_default=True)


class RowFaultSchema(ResponseSchema):
    """What is wrong in a row; rows are counted as a spreadsheet does, and the column is null for a row as a whole."""

    row = fields.Integer(required=True)
    column = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class ImportSchema(ResponseSchema):
    """An import: `done` of its `rows` are done. `errors` tells the first 10 000 of `wrong`."""

    id = fields.UUID(required=True)
    state = fields.String(
        required=True, attribute="state.value", validate=validate.OneOf([state.value for state in ImportState])
    )
    file_name = fields.String(required=True)
    rows = fields.Integer(required=True)
    people = fields.Integer(required=True)
    done = fields.Integer(required=True)
    wrong = fields.Integer(required=True)
    errors = fields.List(fields.Nested(RowFaultSchema), required=True, attribute="faults")
    created_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)
    credentials_shown_at = Instant(required=True, allow_none=True, attribute="credentials_at")


class ImportItemSchema(ImportSchema):
    """An import in a list, without its errors one by one."""

    class Meta:
        exclude = ("errors",)
