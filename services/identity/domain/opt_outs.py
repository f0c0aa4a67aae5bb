"""Numbers whose owners have texted STOP: no code goes there, and the page says why (IDN-2, NTF-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OptOut:
    """A number, by its keyed hash, that takes no texts; `short_code` is what START is to be texted to, where known."""

    digest: str
    short_code: str | None
    since: datetime
