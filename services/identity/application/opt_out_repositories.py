"""Where identity keeps which numbers take no texts."""

from __future__ import annotations

from typing import Protocol

from services.identity.domain.opt_outs import OptOut


class OptOuts(Protocol):
    """Numbers that opted out, by keyed hash: identity's copy of what notify heard."""

    def get(self, digest: str) -> OptOut | None:
        """The opt-out of that number, None where it takes texts."""

    def put(self, opt_out: OptOut) -> None:
        """Keep it, in place of an earlier one of the number."""

    def remove(self, digest: str) -> None:
        """The number takes texts again; nothing where it did."""
