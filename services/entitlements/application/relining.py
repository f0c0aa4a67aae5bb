"""Practices whose lines of business changed, for as long as access there has yet to follow (REG-17)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from chassis.kernel.cause import Cause


@dataclass(frozen=True, slots=True)
class Relining:
    """A TIN at which access has yet to follow, and what brought that about."""

    tin: str
    cause: Cause


class Relinings(Protocol):
    """Those that are kept, one of a TIN."""

    def note(self, tins: Collection[str], cause: Cause) -> None:
        """Keep these TINs; what changed last is the cause."""

    def next(self, after: str | None) -> Relining | None:
        """One of them: the next by its TIN, and behind the last the first again; not locked."""

    def drop(self, tin: str) -> None:
        """Everything at the TIN has followed."""
