"""An edit of many people as it comes in, read into the domain's, with every fault named by its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.kernel.errors import Fault, InvalidError
from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.changes import Keep
from services.entitlements.domain.edits import Edit, Gain, Loss
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Place

MOST_CELLS: Final = 2000
"""How many people times places one edit may be about: as much as one transaction holds without keeping others."""


@dataclass(frozen=True, slots=True)
class WishedEdit:
    """One entry of `add` or `remove`, as `Gain` and `Loss` have it."""

    place: Place
    level: Level | None = None
    functions: tuple[str, ...] = ()
    until: datetime | Keep | None = Keep.UNTIL


def read_edit(
    user_ids: Sequence[str],
    add: Sequence[WishedEdit],
    remove: Sequence[WishedEdit],
    catalogue: Catalogue,
    now: datetime,
) -> Edit:
    """The edit; raises `InvalidError` for what nobody could wish: a user or a place twice, a function that nobody
    knows or that is to come and go at once, an end that is past, or too much at a time.
    """
    faults = [
        *_user_faults(user_ids),
        *_faults(add, "/add", catalogue, now),
        *_faults(remove, "/remove", catalogue, now),
    ]
    faults += _contradictions(add, remove)
    gains = {each.place: Gain(each.place, frozenset(each.functions), each.level, each.until) for each in add}
    losses = {each.place: Loss(each.place, frozenset(each.functions), each.level) for each in remove}
    edit = Edit(gains, losses)
    if not edit.places:
        faults.append(Fault("", "nothing_wished", "Name something to add or to remove."))
    if len(user_ids) * len(edit.places) > MOST_CELLS:
        detail = f"At most {MOST_CELLS} people times places at once: do it in parts."
        faults.append(Fault("/user_ids", "too_many_at_once", detail))
    if faults:
        raise InvalidError(faults)
    return edit


def _user_faults(user_ids: Sequence[str]) -> Iterator[Fault]:
    for number, user_id in enumerate(user_ids):
        if user_id in user_ids[:number]:
            yield Fault(f"/user_ids/{number}", "user_duplicate", "Each user stands in the list once.")


def _faults(wished: Sequence[WishedEdit], pointer: str, catalogue: Catalogue, now: datetime) -> Iterator[Fault]:
    seen: set[Place] = set()
    for number, each in enumerate(wished):
        here = f"{pointer}/{number}"
        if each.place in seen:
            yield Fault(here, "place_duplicate", "Each TIN and line stands once in `add` and once in `remove`.")
        seen.add(each.place)
        for position, function in enumerate(each.functions):
            if function not in catalogue:
                detail = "The catalogue has no such function: see `GET functions`."
                yield Fault(f"{here}/functions/{position}", "function_unknown", detail)
        if isinstance(each.until, datetime) and each.until <= now:
            yield Fault(f"{here}/until", "until_past", "The end must lie ahead.")


def _contradictions(add: Sequence[WishedEdit], remove: Sequence[WishedEdit]) -> Iterator[Fault]:
    removed = {each.place: set(each.functions) for each in remove}
    for number, each in enumerate(add):
        for position, function in enumerate(each.functions):
            if function in removed.get(each.place, set()):
                detail = "The same function is to be added and removed here: decide for one."
                yield Fault(f"/add/{number}/functions/{position}", "function_contradictory", detail)
