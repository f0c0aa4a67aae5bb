"""How far a subject of the inbox has come, and the marks that say so."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, update

from chassis.bus.inbox import SEALED, without_sealed
from chassis.bus.policy import RetryPolicy
from chassis.db.tables import inbox, inbox_subject
from chassis.kernel.errors import NotYetKnownError

_STACK_KEPT = 8_000


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a subject stands: the last sequence done, and when (and why) its next event is to be tried."""

    done: int
    due_at: datetime | None = None
    attempts: int = 0
    unknown_since: datetime | None = None
    parked_at: datetime | None = None
    reason: str | None = None
    stack: str | None = None

    @classmethod
    def of(cls, row: Row[Any]) -> Progress:
        """Where the row of `inbox_subject` says that it stands."""
        return cls(done=row.done, attempts=row.attempts, unknown_since=row.unknown_since)

    def advanced(self, sequence: int) -> Progress:
        """After an event was applied, or passed over as not wanted."""
        return Progress(done=sequence)

    def asked_again(self, now: datetime) -> Progress:
        """After a full helping: more may wait."""
        return replace(self, due_at=now)

    def failed(self, error: Exception, policy: RetryPolicy, now: datetime) -> Progress:
        """After the next event failed: tried again later, or parked with its reason and stack."""
        if isinstance(error, NotYetKnownError):
            since = self.unknown_since or now
            if now - since < timedelta(seconds=policy.unknown_for):
                return replace(self, unknown_since=since, due_at=now + timedelta(seconds=policy.unknown_pause))
        attempts = self.attempts + 1
        told = replace(self, attempts=attempts, reason=_reason(error), stack=_stack(error))
        if attempts >= policy.attempts:
            return replace(told, parked_at=now, due_at=None)
        return replace(told, due_at=now + timedelta(seconds=policy.pause(attempts)))


def mark(connection: Connection, marks: Sequence[tuple[Row[Any], Progress]]) -> None:
    """Write down how far each claimed subject has come, in the transaction of the effects."""
    if marks:
        connection.execute(_MARK, [_values(subject, progress) for subject, progress in marks])


def drop_sealed(connection: Connection, applied: Sequence[Row[Any]]) -> None:
    """Cut out of these rows of the inbox what was sealed: it does not stay once it was opened (NTF-8)."""
    for row in applied:
        if row.envelope and SEALED in row.envelope["data"]:
            own = (inbox.c.source == row.source, inbox.c.subject == row.subject, inbox.c.sequence == row.sequence)
            connection.execute(update(inbox).where(*own).values(envelope=without_sealed(row.envelope)))


_MARK = (
    update(inbox_subject)
    .where(
        inbox_subject.c.source == bindparam("of_source"),
        inbox_subject.c.subject == bindparam("of_subject"),
    )
    .values(
        done=bindparam("has_done"),
        due_at=bindparam("is_due_at"),
        attempts=bindparam("has_attempts"),
        unknown_since=bindparam("is_unknown_since"),
        parked_at=bindparam("is_parked_at"),
        reason=bindparam("has_reason"),
        stack=bindparam("has_stack"),
    )
)


def _values(subject: Row[Any], progress: Progress) -> dict[str, Any]:
    return {
        "of_source": subject.source,
        "of_subject": subject.subject,
        "has_done": progress.done,
        "is_due_at": progress.due_at,
        "has_attempts": progress.attempts,
        "is_unknown_since": progress.unknown_since,
        "is_parked_at": progress.parked_at,
        "has_reason": progress.reason,
        "has_stack": progress.stack,
    }


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1_000]


def _stack(error: Exception) -> str:
    return "".join(traceback.format_tb(error.__traceback__))[-_STACK_KEPT:]
