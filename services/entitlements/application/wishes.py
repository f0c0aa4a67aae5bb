"""Wishes as they come in, read into the domain's, with every fault named by its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import Fault, InvalidError
from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.changes import Keep, Wish
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Place


@dataclass(frozen=True, slots=True)
class WishedAccess:
    """One entry of `changes`: `functions` names the whole set wished for; `until` is kept as it is unless named."""

    place: Place
    level: Level | None
    functions: tuple[str, ...] = ()
    until: datetime | Keep | None = Keep.UNTIL


def read_wishes(wished: Sequence[WishedAccess], catalogue: Catalogue, now: datetime) -> tuple[Wish, ...]:
    """The wishes; raises `InvalidError` for what nobody could wish: unknown functions, one place twice, a past end."""
    faults = [
        fault for number, each in enumerate(wished) for fault in _faults(each, f"/changes/{number}", catalogue, now)
    ]
    places = [each.place for each in wished]
    faults += [
        Fault(f"/changes/{number}", "place_duplicate", "Each TIN and line stands in one change only.")
        for number, place in enumerate(places)
        if place in places[:number]
    ]
    if faults:
        raise InvalidError(faults)
    return tuple(Wish(each.place, each.level, frozenset(each.functions), each.until) for each in wished)


def _faults(wished: WishedAccess, pointer: str, catalogue: Catalogue, now: datetime) -> Iterator[Fault]:
    for number, function in enumerate(wished.functions):
        if function not in catalogue:
            detail = "The catalogue has no such function: see `GET functions`."
            yield Fault(f"{pointer}/functions/{number}", "function_unknown", detail)
    if wished.level is None and wished.functions:
        yield Fault(f"{pointer}/functions", "functions_without_level", "Without a level there are no functions.")
    if isinstance(wished.until, datetime) and wished.until <= now:
        yield Fault(f"{pointer}/until", "until_past", "The end must lie ahead.")
