"""What a change adds, takes away and leaves, place by place (ENT-7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.portal.application.access_items import Access, Outcome, Place


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one place; functions are codes, ends are RFC 3339. Of JSON's kinds alone, for the session."""

    tin: str
    line: str
    practice: str | None
    level_before: str | None
    level_after: str | None
    added: Sequence[str]
    removed: Sequence[str]
    kept: Sequence[str]
    until_before: str | None
    until_after: str | None
    problems: Sequence[Mapping[str, str | None]] = ()

    @property
    def changes(self) -> bool:
        """Whether anything does."""
        return bool(
            self.added
            or self.removed
            or self.level_before != self.level_after
            or self.until_before != self.until_after
            or self.problems
        )

    def plain(self) -> dict[str, Any]:
        """For the session."""
        return asdict(self)


def differences(outcome: Outcome, order: Sequence[str], asked: Collection[Place] = ()) -> list[Difference]:
    """Where something changes, or was meant to at the places `asked`; functions in the catalogue's `order`."""
    before = {access.place: access for access in outcome.before if access.state != "ended"}
    after = {access.place: access for access in outcome.after if access.state != "ended"}
    forbidden = {violation.place for violation in outcome.violations}
    found = (
        (place, _difference(place, before.get(place), after.get(place), outcome, order))
        for place in sorted({*before, *after, *forbidden})
    )
    return [difference for place, difference in found if difference.changes or place in asked]


def _difference(
    place: Place, before: Access | None, after: Access | None, outcome: Outcome, order: Sequence[str]
) -> Difference:
    had, has = (access.functions if access else frozenset() for access in (before, after))
    practice = next((access.practice for access in (after, before) if access), None)
    problems = [
        {"code": violation.code, "function": violation.function}
        for violation in outcome.violations
        if violation.place == place
    ]
    return Difference(
        tin=place.tin,
        line=place.line,
        practice=practice,
        level_before=before.level if before else None,
        level_after=after.level if after else None,
        added=_ordered(has - had, order),
        removed=_ordered(had - has, order),
        kept=_ordered(had & has, order),
        until_before=before.until.isoformat() if before and before.until else None,
        until_after=after.until.isoformat() if after and after.until else None,
        problems=problems,
    )


def _ordered(functions: Collection[str], order: Sequence[str]) -> list[str]:
    places = {code: place for place, code in enumerate(order)}
    return sorted(functions, key=lambda code: (places.get(code, len(places)), code))
