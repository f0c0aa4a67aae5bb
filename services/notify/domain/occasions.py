"""What a message is sent for: the event that asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DEMO_ACTOR = "system:demo"
PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Occasion:
    """The event behind a message, with its correlation, its trace, and whoever brought it about.

    `replayed` says that it was told long ago, and comes again so that what was told is known.
    """

    event_id: str
    correlation_id: str
    actor: str
    at: datetime
    replayed: bool = False
    traceparent: str | None = None

    def calls_for_messages(self, since: datetime) -> bool:
        """Whether anybody is to be told, or was: what is `replayed` is kept and never sent again (`events.md`, rule 5).

        What else is older than `since` is history, too, and what the demo's part made up has happened to nobody.
        """
        return (self.replayed or self.at >= since) and self.actor != DEMO_ACTOR

    def is_fresh(self, now: datetime) -> bool:
        """Whether events of other subjects that belong to it may still be on their way."""
        return now - self.at < PATIENCE
