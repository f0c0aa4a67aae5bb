"""Where identity keeps its copy of who may do what at practices: for who may do what to whose account (IDN-8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from services.identity.domain.access import Held


class HeldAccess(Protocol):
    """What users hold, by TIN and line, as entitlements' events told it."""

    def of(self, user_id: str) -> Sequence[Held]:
        """The user's, whether it has reached its end or not."""

    def at(self, places: Collection[tuple[str, str]]) -> Sequence[Held]:
        """What anybody has at these TINs and lines, whether it has reached its end or not."""

    def put(self, held: Held) -> None:
        """Keep it in place of what the user had there."""

    def remove(self, user_id: str, tin: str, line: str) -> None:
        """The user holds nothing there any more."""
