"""Business addresses in the United States (REG-5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.registration.domain.values import RefusedError

_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY "
    "AS GU MP PR VI "  # the territories, where plans have practices, too
    "AA AE AP"  # the armed forces' addresses
)
STATES = frozenset(_STATES.split())

_ZIP = re.compile(r"([0-9]{5})(?:[- ]?([0-9]{4}))?")


@dataclass(frozen=True, slots=True)
class Address:
    """Where mail to the person's practice goes."""

    line1: str
    line2: str | None
    city: str
    state: str
    zip: str


def us_state(text: str) -> str:
    """The two letters of a state, territory or armed forces' region, in capitals."""
    state = text.strip().upper()
    if state not in STATES:
        raise RefusedError("state_unknown", "A state is written with its two letters, such as CT.")
    return state


def zip_code(text: str) -> str:
    """ZIP or ZIP+4, the latter with its hyphen."""
    match = _ZIP.fullmatch(text.strip())
    if match is None:
        raise RefusedError("zip_invalid", "A ZIP code has five digits, or nine with a hyphen after the fifth.")
    return "-".join(filter(None, match.groups()))
