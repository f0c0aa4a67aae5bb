"""Readings of the delegation history: what was wished, and that it was read (AUD-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.messages import Event
from services.audit.domain.changes import Kind


class Format(StrEnum):
    """The forms in which the history can be downloaded."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which rows of the history are wished; None leaves a side open. `since` is inclusive, `before` is not."""

    tin: str | None = None
    user_id: str | None = None
    kind: Kind | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryViewed(Event):
    """A page was shown; `reason` is support's."""

    user_id: str
    wished: HistoryFilter
    rows: int
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryExported(Event):
    """A document was taken away."""

    user_id: str
    wished: HistoryFilter
    rows: int
    format: Format
    reason: str | None
    at: datetime
