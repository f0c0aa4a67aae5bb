"""How a practice appears in a message: by name, line of business, and the last four digits of its TIN (IDN-16)."""

from __future__ import annotations

import re
from typing import Any

_SHOWN_DIGITS = 4
_TYPED_TIN = re.compile(r"(?<!\d)(?:\d[ -]?){5}(\d{4})(?!\d)")


def place(tin: str, line: str, practice: str | None) -> dict[str, Any]:
    """What a text may know of a practice; the whole TIN, which may be a personal number, is not among it."""
    return {"tin_end": tin[-_SHOWN_DIGITS:], "line": line, "practice": practice}


def without_tins(text: str) -> str:
    """What a person typed, with every TIN in it (dashes and blanks as in REG-2) cut to its last four digits."""
    return _TYPED_TIN.sub(r"•••••\1", text)
