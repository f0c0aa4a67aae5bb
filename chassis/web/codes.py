"""The stable codes of what a schema finds wrong, told from the validation library's words."""

from __future__ import annotations

from typing import Final

CODE_MARK: Final = "$code"
"""The key under which `schemas.Coded` carries its code through marshmallow's tree of messages."""

INVALID: Final = "invalid"

_BEGINNINGS: Final = (
    ("Missing data for required field", "required"),
    ("Field may not be null", "null"),
    ("Unknown field", "unknown_field"),
    ("Longer than maximum length", "too_long"),
    ("Shorter than minimum length", "too_short"),
    ("Length must be", "wrong_length"),
    ("Must be one of", "not_a_choice"),
    ("One or more of the choices", "not_a_choice"),
    ("Number too large", "too_large"),
    ("String does not match expected pattern", "wrong_form"),
)


def code_of(message: str) -> str:
    """The code for one of marshmallow's messages; `invalid` for those that say no more than that."""
    if message.startswith("Must be ") and " and " in message and " than" in message:
        return "out_of_range"
    if message.startswith("Must be greater than"):
        return "too_small"
    if message.startswith("Must be less than"):
        return "too_large"
    return next((code for beginning, code in _BEGINNINGS if message.startswith(beginning)), INVALID)
