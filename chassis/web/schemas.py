"""The kinds of schema that every service's API shares, strict by themselves (`api.md`, Manner; OPS-8)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import marshmallow
from flask_smorest.fields import Upload
from marshmallow import fields, validate

from chassis.web.codes import CODE_MARK

LONGEST_TEXT: Final = 2000
LONGEST_LIST: Final = 1000
FARTHEST_NUMBER: Final = 2**31 - 1


class RequestSchema(marshmallow.Schema):
    """What comes in as JSON. Fields that it does not name are refused with `unknown_field`; numbers and booleans must
    be JSON's own; what sets no limit of its own gets one: `LONGEST_TEXT`, `LONGEST_LIST`, `FARTHEST_NUMBER`.
    """

    class Meta:
        unknown = marshmallow.RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Make the field strict."""
        super().on_bind_field(field_name, field_obj)
        for field in _with_inner(field_obj):
            if isinstance(field, fields.Integer):
                field.strict = True
            elif isinstance(field, fields.Boolean):
                field.truthy, field.falsy = _TRUE, _FALSE  # type: ignore[assignment]
            _limit(field)


class QuerySchema(marshmallow.Schema):
    """What comes in as query parameters or form fields, where everything is text. Unknown ones are refused."""

    class Meta:
        unknown = marshmallow.RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Make the field strict."""
        super().on_bind_field(field_name, field_obj)
        for field in _with_inner(field_obj):
            if isinstance(field, fields.Boolean):
                field.truthy, field.falsy = {"true"}, {"false"}
            _limit(field)


class ResponseSchema(marshmallow.Schema):
    """What goes out: it only dumps, and names every field of the answer. More may be added within `v1`, which the
    document leaves open.
    """

    class Meta:
        unknown = marshmallow.EXCLUDE


class Coded(marshmallow.ValidationError):
    """A fault with the stable code of `rules.md`, raised by a field's or a schema's validator.

    `field_name` places it in a schema-level validator: `Coded("tin_invalid", "...", "tin")`.
    """

    def __init__(self, code: str, detail: str, field_name: str = marshmallow.exceptions.SCHEMA) -> None:
        super().__init__([{CODE_MARK: code, "detail": detail}], field_name)
        self.code = code


class Instant(fields.AwareDateTime):
    """A moment: RFC 3339 with an offset coming in, UTC with `Z` going out."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **more: Any) -> str | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **more)
        try:
            return moment.astimezone(UTC)
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error


class UploadField(Upload):
    """A file of a `multipart/form-data` body, loaded as werkzeug's `FileStorage`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]


_LISTS: dict[type[marshmallow.Schema], type[ResponseSchema]] = {}


def list_of(item: type[marshmallow.Schema]) -> type[ResponseSchema]:
    """The list envelope `{"items": [...], "next": cursor or null}` of this kind of item."""
    if item not in _LISTS:
        name = f"{item.__name__.removesuffix('Schema')}ListSchema"
        following = {"description": "The cursor of the following page; null on the last one."}
        members = {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(required=True, allow_none=True, metadata=following),
            "__module__": item.__module__,
            "__doc__": "A page of a list.",
        }
        _LISTS[item] = type(name, (ResponseSchema,), members)
    return _LISTS[item]


class _Exactly:
    """Holds one boolean, and not the number that Python takes for its equal."""

    def __init__(self, wanted: bool) -> None:  # noqa: FBT001
        self._wanted = wanted

    def __contains__(self, value: object) -> bool:
        return value is self._wanted


_TRUE, _FALSE = _Exactly(True), _Exactly(False)  # noqa: FBT003


def _with_inner(field: fields.Field[Any]) -> list[fields.Field[Any]]:
    return [field, *_with_inner(field.inner)] if isinstance(field, fields.List) else [field]


def _limit(field: fields.Field[Any]) -> None:
    limits = validate.Length | validate.Range | validate.OneOf | validate.Equal
    if any(isinstance(check, limits) for check in field.validators):
        return
    if isinstance(field, fields.String):
        field.validators.append(validate.Length(max=LONGEST_TEXT))
    elif isinstance(field, fields.List):
        field.validators.append(validate.Length(max=LONGEST_LIST))
    elif isinstance(field, fields.Integer):
        field.validators.append(validate.Range(-FARTHEST_NUMBER, FARTHEST_NUMBER))
