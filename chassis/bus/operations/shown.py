"""What of an event an operator's screen shows: nothing personal unless asked for, and never what is sealed (IDN-16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.bus.inbox import SEALED

HIDDEN = "(hidden: --personal shows it)"
_PERSON, _ADDRESS = "person", "actoraddress"


def shown(document: Mapping[str, Any], *, personal: bool) -> dict[str, Any]:
    """An envelope's document as it may be shown (`events.md`, rule 5, says where personal data stands)."""
    data = {name: value for name, value in document.get("data", {}).items() if name != SEALED}
    told = {**document, "data": data}
    if personal:
        return told
    if _PERSON in data:
        data[_PERSON] = HIDDEN
    if _ADDRESS in told:
        told[_ADDRESS] = HIDDEN
    return told
