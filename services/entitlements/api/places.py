"""TINs, lines and levels as they come in."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.kernel.errors import NotFoundError
from chassis.kernel.user_ids import fold
from chassis.web.schemas import Coded
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line

_DIGITS = 9


def is_tin(text: str) -> bool:
    """Whether this is nine ASCII digits."""
    return len(text) == _DIGITS and text.isascii() and text.isdecimal()


def tin_in_path(text: str) -> str:
    """The TIN of a path; raises `NotFoundError` for what is none."""
    if not is_tin(text):
        raise NotFoundError
    return text


def tin_field(**options: Any) -> fields.String:
    """A TIN, refused with `tin_invalid` in any other form."""
    metadata = {"description": "Nine digits.", "example": "123456789", "pattern": "^[0-9]{9}$"}
    return fields.String(validate=_check_tin, metadata=metadata, **options)


def line_field(**options: Any) -> fields.Enum[Line]:
    """A line of business."""
    return fields.Enum(Line, by_value=True, **options)


def lines_field(**options: Any) -> fields.List[Line]:
    """Several lines of business; of a practice those that the directory gives it."""
    return fields.List(line_field(), **options)


def level_field(**options: Any) -> fields.Enum[Level]:
    """An access level."""
    return fields.Enum(Level, by_value=True, **options)


class UserIdField(fields.String):
    """A user ID in any spelling; loads to the canonical one (REG-6)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return fold(super()._deserialize(value, attr, data, **more))


def _check_tin(text: str) -> None:
    if not is_tin(text):
        raise Coded("tin_invalid", "A TIN has nine digits.")
