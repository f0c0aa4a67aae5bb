"""Whose history a caller may read, and that every reading is itself told of (AUD-2, AUD-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import Fault, InvalidError, NotFoundError
from services.audit.application.errors import NotYoursToSeeError
from services.audit.application.ports import Reach, Store
from services.audit.domain.reading import HistoryFilter


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks for the history; support agents may see every TIN, and have to say why."""

    user_id: str
    is_support: bool
    reason: str | None


def reach_of(reader: Reader, wished: HistoryFilter, store: Store, now: datetime) -> Reach:
    """How far the reader may see at this moment.

    Raises `InvalidError` (`reason_required`) for support without a reason, `NotFoundError` for a TIN that the reader
    may not see, `NotYoursToSeeError` for one who may see none at all.
    """
    _check_period(wished)
    if reader.is_support:
        if not (reader.reason or "").strip():
            raise InvalidError([Fault("/reason", "reason_required", "Say why you look into this history.")])
        return Reach(None, now)
    if not store.access.sees_history(reader.user_id, wished.tin, now):
        if wished.tin is not None:
            raise NotFoundError
        raise NotYoursToSeeError("The history is for administrators and auditors of a practice.")
    return Reach(reader.user_id, now)


def _check_period(wished: HistoryFilter) -> None:
    if wished.since is not None and wished.before is not None and wished.since >= wished.before:
        raise InvalidError([Fault("/to", "period_ends_before_it_begins", "Choose an end after the beginning.")])
