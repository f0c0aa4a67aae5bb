"""Requests in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select, update

from services.entitlements.adapters.places import at_places
from services.entitlements.adapters.tables import request
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.requests import OPEN, WAITING, Request, RequestState
from services.entitlements.domain.waiting import Overdue


class SqlRequests:
    """`Requests` on one connection; a writing one locks what it reads, in the order of identifiers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._writes = connection.get_execution_options().get("write", True)

    def get(self, request_id: str) -> Request | None:
        row = self._connection.execute(select(request).where(request.c.request_id == request_id)).first()
        return request_of(row) if row else None

    def lock(self, request_id: str) -> Request | None:
        return next(iter(self._all(request.c.request_id == request_id)), None)

    def open_of(self, user_id: str) -> Sequence[Request]:
        return self._all(request.c.user_id == user_id, request.c.state.in_(sorted(OPEN)))

    def waiting_at(self, places: Collection[Place]) -> Sequence[Request]:
        return self._all(at_places(request, places), request.c.state.in_(sorted(WAITING)))

    def overdue(self, overdue: Overdue, limit: int) -> Sequence[Request]:
        longest_first = (request.c.decidable_since, request.c.request_id)
        statement = select(request).where(*_overdue(overdue)).order_by(*longest_first).limit(limit)
        return [request_of(row) for row in self._connection.execute(statement)]

    def count_overdue(self, overdue: Overdue) -> int:
        counted = select(func.count()).select_from(request).where(*_overdue(overdue))
        return int(self._connection.execute(counted).scalar_one())

    def add(self, new: Request) -> None:
        self._connection.execute(
            insert(request).values(
                request_id=new.request_id,
                user_id=new.user_id,
                tin=new.place.tin,
                line=new.place.line.value,
                submitted_at=new.submitted_at,
                registration_id=new.registration_id,
                **_progress(new),
            )
        )

    def save(self, changed: Request) -> None:
        self._connection.execute(
            update(request).where(request.c.request_id == changed.request_id).values(**_progress(changed))
        )

    def _all(self, *conditions: ColumnElement[bool]) -> list[Request]:
        statement: Select[Any] = select(request).where(*conditions).order_by(request.c.request_id)
        if self._writes:
            statement = statement.with_for_update()
        return [request_of(row) for row in self._connection.execute(statement)]


def request_of(row: Row[Any]) -> Request:
    """The request in a row that has all of the table's columns."""
    return Request(
        request_id=row.request_id,
        user_id=row.user_id,
        place=Place(row.tin, Line(row.line)),
        state=RequestState(row.state),
        submitted_at=row.submitted_at,
        registration_id=row.registration_id,
        since=row.since,
        decidable_since=row.decidable_since,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        reminders=row.reminders,
    )


def _overdue(overdue: Overdue) -> Iterator[ColumnElement[bool]]:
    """In the words of the index: a state that is spelt out lets the database use it."""
    yield request.c.state.in_(sorted(WAITING))
    yield request.c.state.in_(sorted(overdue.states))
    yield request.c.decidable_since <= overdue.since
    if overdue.after is not None:
        yield request.c.decidable_since > overdue.after
    if overdue.reminders is not None:
        yield request.c.reminders < overdue.reminders


def _progress(state: Request) -> dict[str, Any]:
    return {
        "state": state.state.value,
        "since": state.since,
        "decidable_since": state.decidable_since,
        "decided_by": state.decided_by,
        "decided_at": state.decided_at,
        "reason": state.reason,
        "reminders": state.reminders,
    }
