"""The lists of users and requests in SQL (ENT-6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from services.entitlements.adapters.accesses import access_of, standing_where
from services.entitlements.adapters.keysets import Keyset
from services.entitlements.adapters.people import SqlPeople, person_of
from services.entitlements.adapters.places import at_places
from services.entitlements.adapters.requests import request_of
from services.entitlements.adapters.tables import access, person, request
from services.entitlements.adapters.views import in_view, matches
from services.entitlements.application.listings import (
    Position,
    RequestRow,
    RequestSearch,
    Slice,
    Sort,
    UserRow,
    UserSearch,
    View,
)
from services.entitlements.domain.access import Access
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.requests import WAITING, Request

_NAME = (person.c.last_search, person.c.first_search, person.c.user_id)
_JOB_ROLE = (func.coalesce(person.c.job_role, ""), person.c.user_id)
_ORDERS: Mapping[Sort, Keyset] = {
    Sort.NAME: Keyset(_NAME),
    Sort.NAME_DOWN: Keyset(_NAME, downward=True),
    Sort.USER_ID: Keyset((person.c.user_id,)),
    Sort.USER_ID_DOWN: Keyset((person.c.user_id,), downward=True),
    Sort.JOB_ROLE: Keyset(_JOB_ROLE),
    Sort.JOB_ROLE_DOWN: Keyset(_JOB_ROLE, downward=True),
}
_LONGEST_WAITING_FIRST = Keyset((func.coalesce(request.c.since, request.c.submitted_at), request.c.request_id))


class SqlListings:
    """`Listings` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def users(self, search: UserSearch, part: Slice) -> tuple[Sequence[UserRow], Position | None]:
        wanted = list(matches(search.words))
        if search.user_id is not None:
            wanted.append(person.c.user_id == search.user_id)
        statements = [select(person).where(each, *wanted) for each in in_view(search.view, search.places, search.now)]
        rows, following = _ORDERS[search.sort].page(self._connection, part, *statements)
        people = [person_of(row) for row in rows]
        user_ids = [someone.user_id for someone in people]
        here = and_(access.c.user_id.in_(user_ids), at_places(access, search.places))
        accesses = standing_where(self._connection, here)
        waiting = self._waiting(user_ids, search.places)
        return [
            UserRow(
                someone,
                tuple(each for each in accesses if each.user_id == someone.user_id),
                tuple(each for each in waiting if each.user_id == someone.user_id),
            )
            for someone in people
        ], following

    def count_users(self, places: frozenset[Place], now: datetime) -> Mapping[View, int]:
        counts = {}
        for view in View:
            statement = select(func.count()).select_from(person).where(or_(*in_view(view, places, now)))
            counts[view] = self._connection.execute(statement).scalar_one()
        return counts

    def requests(self, search: RequestSearch, part: Slice) -> tuple[Sequence[RequestRow], Position | None]:
        statement = (
            select(request)
            .join(person, person.c.user_id == request.c.user_id)
            .where(request.c.state.in_(sorted(search.states)), _asked(search), *matches(search.words))
        )
        rows, following = _LONGEST_WAITING_FIRST.page(self._connection, part, statement)
        people = SqlPeople(self._connection).of({row.user_id for row in rows})
        return [RequestRow(request_of(row), people.get(row.user_id)) for row in rows], following

    def count_waiting(self, places: Collection[Place]) -> Mapping[Place, int]:
        statement = (
            select(request.c.tin, request.c.line, func.count().label("waiting"))
            .where(at_places(request, places), request.c.state.in_(sorted(WAITING)))
            .group_by(request.c.tin, request.c.line)
        )
        return {Place(row.tin, Line(row.line)): row.waiting for row in self._connection.execute(statement)}

    def access_at(self, places: Collection[Place], moment: datetime) -> Sequence[Access]:
        statement = (
            select(access)
            .where(at_places(access, places), access.c.since <= moment)
            .where(or_(access.c.ended_at.is_(None), access.c.ended_at > moment))
            .where(or_(access.c.until.is_(None), access.c.until > moment))
            .order_by(access.c.line, access.c.user_id)
        )
        return [access_of(row) for row in self._connection.execute(statement)]

    def history_of(self, user_id: str, place: Place) -> Sequence[Access]:
        statement = (
            select(access)
            .where(access.c.user_id == user_id, access.c.tin == place.tin, access.c.line == place.line.value)
            .order_by(access.c.since, access.c.access_id)
        )
        return [access_of(row) for row in self._connection.execute(statement)]

    def _waiting(self, user_ids: Sequence[str], places: frozenset[Place]) -> list[Request]:
        statement = (
            select(request)
            .where(request.c.user_id.in_(user_ids), at_places(request, places))
            .where(request.c.state.in_(sorted(WAITING)))
            .order_by(request.c.tin, request.c.line)
        )
        return [request_of(row) for row in self._connection.execute(statement)]


def _asked(search: RequestSearch) -> ColumnElement[bool]:
    if search.user_id is not None:
        own = request.c.user_id == search.user_id
        return and_(own, request.c.tin == search.tin) if search.tin else own
    return at_places(request, search.places)
