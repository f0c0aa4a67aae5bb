"""Where somebody stands: what they may do, what they wait for, and what waits for them (ENT-9, REG-12)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import Access, Administered, AtPlace, Request

Placed = TypeVar("Placed", bound=AtPlace)


@dataclass(frozen=True, slots=True)
class OwnPractice:
    """A TIN with what one may do there, line by line, and what one waits for."""

    tin: str
    name: str | None
    access: tuple[Access, ...]
    requests: tuple[Request, ...]

    @property
    def lines_concerned(self) -> list[str]:
        """The lines where one has access, or waits for it."""
        waiting = {each.place.line for each in self.requests if each.is_waiting}
        return sorted({each.place.line for each in self.access} | waiting)


@dataclass(frozen=True, slots=True)
class Standing:
    """As one site shows it (ENT-15); `awaiting` are the requests that one may decide, longest waiting first."""

    access: tuple[Access, ...]
    requests: tuple[Request, ...]
    administered: tuple[Administered, ...]
    awaiting: tuple[Request, ...]

    @property
    def waiting(self) -> tuple[Request, ...]:
        """One's own requests that are still to be decided."""
        return tuple(request for request in self.requests if request.is_waiting)

    @property
    def manages(self) -> bool:
        """Whether one is an access manager anywhere."""
        return any(each.level == "primary" for each in self.administered)

    @property
    def with_one_manager(self) -> tuple[Administered, ...]:
        """The places where one more manager is advised (ENT-3), as far as one could name them."""
        return tuple(each for each in self.administered if each.managers == 1 and each.level == "primary")

    @property
    def practices(self) -> list[OwnPractice]:
        """By TIN, those with access first."""
        known: list[AtPlace] = [*self.requests, *self.access]
        names = {each.place.tin: each.practice for each in known}
        found = [
            OwnPractice(
                tin,
                names[tin],
                tuple(each for each in self.access if each.place.tin == tin),
                tuple(each for each in self.requests if each.place.tin == tin),
            )
            for tin in names
        ]
        return sorted(found, key=lambda each: (not each.access, each.name or "", each.tin))


def read_standing(calls: Entitlements, lines: Collection[str]) -> Standing:
    """The caller's standing at the TINs that a site with these lines shows."""
    access = tuple(each for each in calls.my_access() if each.state != "ended")
    administered = calls.my_practices()
    requests = calls.requests({"mine": "true"})
    awaiting = calls.requests() if administered else []
    tins = shown_tins([*access, *administered, *requests, *awaiting], lines)
    return Standing(
        at_tins(access, tins), at_tins(requests, tins), at_tins(administered, tins), at_tins(awaiting, tins)
    )


def shown_tins(known: Iterable[AtPlace], lines: Collection[str]) -> frozenset[str]:
    """The TINs that have one of a site's lines, by the directory or by what is known of them (ENT-15)."""
    return frozenset(each.place.tin for each in known if not {each.place.line, *each.practice_lines}.isdisjoint(lines))


def at_tins(items: Iterable[Placed], tins: Collection[str]) -> tuple[Placed, ...]:
    """What is at these TINs, whatever its line: a TIN is shown wholly."""
    return tuple(each for each in items if each.place.tin in tins)


def by_tin(administered: Sequence[Administered]) -> Mapping[str, str | None]:
    """The TINs of places with their practices' names, by name."""
    ordered = sorted(administered, key=lambda each: (each.practice or "", each.place.tin))
    return {tin: next(iter(each)).practice for tin, each in groupby(ordered, key=lambda each: each.place.tin)}
