"""What people type to find somebody, read as words and a TIN (ENT-6)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from services.entitlements.domain.people import search_form
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.practices import Practice

_TIN = re.compile(r"(?:[0-9][ -]?){8}[0-9]", re.ASCII)
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """`words` are in search form; `tin` is set where what was typed is one, with or without dashes."""

    words: tuple[str, ...]
    tin: str | None


def read_typed(text: str) -> Typed:
    """What is meant by this text; a comma between names counts for nothing."""
    if _TIN.fullmatch(text.strip()):
        return Typed((), re.sub(r"[ -]", "", text))
    return Typed(tuple(search_form(text.replace(",", " ")).split()[:_MOST_WORDS]), None)


def narrowed(places: Iterable[Place], *tins: str | None) -> frozenset[Place]:
    """Those of the places that are at every one of these TINs; None narrows nothing."""
    return frozenset(place for place in places if all(tin in {None, place.tin} for tin in tins))


def shown_by_lines(
    places: Collection[Place], lines: Collection[Line], practices: Mapping[str, Practice]
) -> frozenset[Place]:
    """Those at TINs that have one of these lines, be it the place's own or not (ENT-15); no lines narrow nothing."""
    has = {place.tin for place in places if place.line in lines}
    has |= {tin for tin, practice in practices.items() if not practice.lines.isdisjoint(lines)}
    return frozenset(place for place in places if not lines or place.tin in has)
