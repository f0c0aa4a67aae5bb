"""Which people a view means (ENT-6), and whom a search finds, as conditions on `person`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, or_, select, union

from services.entitlements.adapters.places import at_places
from services.entitlements.adapters.tables import SEARCHED, access, person, request, suspension
from services.entitlements.application.listings import View
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import WAITING


def in_view(view: View, places: frozenset[Place], now: datetime) -> Sequence[ColumnElement[bool]]:
    """Of these, a person of the view of whoever looks at these places fulfils one or more; ends hold at once (ENT-11).

    They stand apart since a database finds the first fifty people of each by an index, and of both only by reading all.
    """
    user_id, waiting = person.c.user_id, _waiting(places)
    match view:
        case View.ACTIVE:
            return [user_id.in_(_access(places, held_at(now)))]
        case View.INACTIVE:
            holds = exists().where(access.c.user_id == user_id, at_places(access, places), held_at(now))
            return [and_(user_id.in_(_not_held(places, now)), ~holds)]
        case View.AWAITING:
            return [user_id.in_(waiting)]
        case View.ALL:
            return [user_id.in_(_access(places)), user_id.in_(waiting)]


def matches(words: tuple[str, ...]) -> Iterator[ColumnElement[bool]]:
    """Every word begins a part of a name, or the user ID; words are in search form."""
    return (SEARCHED.contains(f" {word}", autoescape=True) for word in words)


def held_at(moment: datetime) -> ColumnElement[bool]:
    """Whether an interval of access counts as held, at a moment that is not past."""
    return and_(access.c.ended_at.is_(None), or_(access.c.until.is_(None), access.c.until > moment), ~_suspended())


def _suspended() -> ColumnElement[bool]:
    return exists().where(
        suspension.c.user_id == access.c.user_id,
        suspension.c.tin == access.c.tin,
        suspension.c.line == access.c.line,
        suspension.c.ended_at.is_(None),
        suspension.c.functions.is_(None),
    )


def _not_held(places: frozenset[Place], moment: datetime) -> CompoundSelect[Any]:
    """Whose access there ended, by itself too, or is suspended: each kind has an index, or is rare."""
    stands = access.c.ended_at.is_(None)
    return union(
        _access(places, access.c.ended_at.is_not(None)),
        _access(places, and_(stands, access.c.until <= moment)),
        _access(places, and_(stands, _suspended())),
    )


def _access(places: frozenset[Place], *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(access.c.user_id).where(at_places(access, places), *conditions)


def _waiting(places: frozenset[Place]) -> Select[Any]:
    return select(request.c.user_id).where(at_places(request, places), request.c.state.in_(sorted(WAITING)))
