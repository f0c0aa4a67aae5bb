"""The W3C Trace Context of a request or an event: which trace it belongs to, and which span brought it about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_FORM: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_LONGEST: Final = 512
_SAMPLED: Final = 0x01


@dataclass(frozen=True, slots=True)
class TraceParent:
    """One `traceparent` (W3C Trace Context, section 3.2): identifiers in lower-case hex."""

    trace_id: str
    span_id: str
    sampled: bool

    @classmethod
    def parse(cls, text: str | None) -> TraceParent | None:
        """What the text says; None for none, and for one that must be ignored as not well formed."""
        form = _FORM.fullmatch(text) if text and len(text) <= _LONGEST else None
        if form is None:
            return None
        version, trace_id, span_id, flags, more = form.groups()
        if version == "ff" or (version == "00" and more) or not trace_id.strip("0") or not span_id.strip("0"):
            return None
        return cls(trace_id, span_id, sampled=bool(int(flags, 16) & _SAMPLED))

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"
