"""What is heard of one registration, from several subjects in any order, until its applicant can be told (REG-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.notify.domain.occasions import Occasion


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """A request that waits: for which practice (as `places.place` shows it), and whose decision it awaits."""

    request_id: str
    place: Mapping[str, Any]
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gathering:
    """One registration's parts; the mail is due once all are there, or at `tell_by` with what is there."""

    registration_id: str
    user_id: str | None = None
    expected: frozenset[str] | None = None
    opened: Mapping[str, OpenedRequest] = field(default_factory=dict)
    confirmed: Occasion | None = None
    tell_by: datetime | None = None
    told: bool = False

    @property
    def is_ripe(self) -> bool:
        """Whether the applicant can be told now: confirmed, and every request that was submitted has opened."""
        return (
            not self.told
            and self.confirmed is not None
            and self.expected is not None
            and self.expected <= self.opened.keys()
        )

    def with_submitted(self, request_ids: Sequence[str]) -> Gathering:
        """The registration was submitted with these requests, perhaps none."""
        return replace(self, expected=frozenset(request_ids))

    def with_opened(self, request: OpenedRequest) -> Gathering:
        """One of its requests opened."""
        return replace(self, opened={**self.opened, request.request_id: request})

    def with_confirmed(self, user_id: str, occasion: Occasion, tell_by: datetime) -> Gathering:
        """The applicant's address was confirmed: from now on the mail is owed."""
        return replace(self, user_id=user_id, confirmed=occasion, tell_by=tell_by)

    def closed(self) -> Gathering:
        """Told; what was gathered is not needed any more."""
        return replace(self, told=True, opened={}, tell_by=None)
