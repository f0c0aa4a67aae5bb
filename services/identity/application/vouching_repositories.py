"""Where identity keeps who vouches for a new address of whom (IDN-17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.domain.vouchings import Stop, Vouching


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which vouchings: those in one of `states`, of `vouched_by` alone or of everybody, of `user_id` or all."""

    states: frozenset[str]
    vouched_by: str | None = None
    user_id: str | None = None


class Vouchings(Protocol):
    """Vouchings, open or ended; whoever changes one holds the lock of its account."""

    def add(self, vouching: Vouching) -> None:
        """Keep a new one."""

    def get(self, vouching_id: str) -> Vouching | None:
        """The vouching, in whatever state."""

    def open_of(self, user_id: str) -> Vouching | None:
        """The account's one that has not ended, be its time over or not."""

    def save(self, vouching: Vouching) -> None:
        """Keep how far it is; one that has ended cannot be stopped any more."""

    def list(self, wanted: Wanted, after: tuple[datetime, str] | None, limit: int) -> Sequence[Vouching]:
        """The newest first, from behind the one that was made then with that identifier."""

    def add_stop(self, stop: Stop) -> None:
        """Keep what stops one."""

    def stop_of(self, digest: str) -> Stop | None:
        """What that token stops."""

    def take_due(self, as_of: datetime, most: int) -> Sequence[str]:
        """Of at most so many that work, or end, by then: their accounts, locked. What works does so for accounts that
        are in use alone.
        """

    def count_due(self, as_of: datetime) -> int:
        """How many there are."""

    def purge(self, ended_before: datetime) -> int:
        """Drop what ended before; returns how many."""
