"""Registrations and their requests in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, func, insert, literal_column, select, update

from chassis.db.engine import upsert
from services.registration.adapters.nominations import nomination_columns, nomination_in
from services.registration.adapters.tables import access_requests, registrations
from services.registration.domain.addresses import Address
from services.registration.domain.lines import Line, lines_written, written
from services.registration.domain.profile import Profile
from services.registration.domain.registrations import (
    AccessRequest,
    Registration,
    RegistrationState,
    RequestState,
)

_PERSONAL = (
    *("first_name", "middle_initial", "last_name", "job_role", "line1", "line2", "city", "us_state", "zip"),
    *("phone", "extension", "mobile", "email"),
)
_OF_THE_NOMINEE = ("nominee_first_name", "nominee_last_name", "nominee_email")


class SqlRegistrations:
    """`Registrations` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, registration_id: UUID) -> Registration | None:
        """The registration with its requests."""
        statement = select(registrations).where(registrations.c.id == registration_id)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else self._whole(row)

    def add(self, registration: Registration) -> bool:
        """Write it down, unless its id is there already; waits for a transaction that is writing the same."""
        statement = upsert(self._connection, registrations).values(_columns(registration))
        written_now = statement.on_conflict_do_nothing(index_elements=["id"]).returning(registrations.c.id)
        if self._connection.execute(written_now).one_or_none() is None:
            return False
        rows = [_request_columns(registration.id, place, each) for place, each in enumerate(registration.requests)]
        if rows:
            self._connection.execute(insert(access_requests), rows)
        return True

    def confirmed(self, registration_id: UUID) -> None:
        """Note that its e-mail address was confirmed."""
        statement = update(registrations).where(registrations.c.id == registration_id)
        self._connection.execute(statement.values(state=RegistrationState.CONFIRMED.value))

    def lapse(self, submitted_before: datetime, limit: int) -> Sequence[Registration]:
        """Note of some that they have lapsed."""
        oldest_first = (registrations.c.submitted_at, registrations.c.id)
        due = select(registrations).where(*_lapsing(submitted_before)).order_by(*oldest_first).limit(limit)
        found = [self._whole(row) for row in self._connection.execute(due.with_for_update()).all()]
        lapsed = update(registrations).where(registrations.c.id.in_([each.id for each in found]))
        self._connection.execute(lapsed.values(state=RegistrationState.LAPSED.value))
        return [replace(each, state=RegistrationState.LAPSED) for each in found]

    def count_lapsing(self, submitted_before: datetime) -> int:
        """How many there are."""
        counted = select(func.count()).select_from(registrations).where(*_lapsing(submitted_before))
        return int(self._connection.execute(counted).scalar_one())

    def count_standing(self, submitted_by: datetime) -> int:
        """How many there are of both kinds."""
        standing = registrations.c.state.in_([RegistrationState.UNCONFIRMED.value, RegistrationState.CONFIRMED.value])
        counted = select(func.count()).select_from(registrations)
        return int(
            self._connection.execute(counted.where(standing, registrations.c.submitted_at <= submitted_by)).scalar_one()
        )

    def end(self, registration_id: UUID) -> None:
        """Note that it lapsed, and forget what is personal."""
        self._connection.execute(
            update(registrations)
            .where(registrations.c.id == registration_id)
            .values(state=RegistrationState.LAPSED.value, **dict.fromkeys(_PERSONAL))
        )
        self._connection.execute(
            update(access_requests)
            .where(access_requests.c.registration_id == registration_id)
            .values(state=RequestState.EXPIRED.value, **dict.fromkeys(_OF_THE_NOMINEE))
        )

    def request_is(self, request_id: UUID, state: RequestState) -> None:
        """Note where a request stands now."""
        statement = update(access_requests).where(access_requests.c.id == request_id)
        self._connection.execute(statement.values(state=state.value))

    def with_request(self, request_id: UUID) -> Registration | None:
        """The registration that made the request."""
        made = select(access_requests.c.registration_id).where(access_requests.c.id == request_id)
        registration_id = self._connection.execute(made).scalar_one_or_none()
        return None if registration_id is None else self.get(registration_id)

    def moved(self, request_ids: Collection[UUID], before: RequestState, after: RequestState) -> None:
        """Note that those at `before` are at `after` now."""
        theirs = (access_requests.c.id.in_(list(request_ids)), access_requests.c.state == before.value)
        self._connection.execute(update(access_requests).where(*theirs).values(state=after.value))

    def _whole(self, row: Row[Any]) -> Registration:
        ordered = select(access_requests).where(access_requests.c.registration_id == row.id)
        requests = self._connection.execute(ordered.order_by(access_requests.c.place)).all()
        return Registration(
            id=row.id,
            user_id=row.user_id,
            site=row.site,
            practice_type=lines_written(row.practice_type),
            no_tin=row.no_tin,
            submitted_at=row.submitted_at,
            profile=_profile(row),
            requests=tuple(map(_request, requests)),
            state=RegistrationState(row.state),
            temporary_id=row.temporary_id,
        )


def _lapsing(submitted_before: datetime) -> tuple[ColumnElement[bool], ...]:
    unconfirmed = registrations.c.state == literal_column(f"'{RegistrationState.UNCONFIRMED.value}'")
    return unconfirmed, registrations.c.submitted_at <= submitted_before


def _columns(registration: Registration) -> dict[str, object]:
    profile = registration.profile
    if profile is None:
        raise ValueError("a registration is written with its person's data")
    return {
        "id": registration.id,
        "user_id": registration.user_id,
        "site": registration.site,
        "language": profile.language,
        "practice_type": written(registration.practice_type),
        "no_tin": registration.no_tin,
        "submitted_at": registration.submitted_at,
        "state": registration.state.value,
        "temporary_id": registration.temporary_id,
        "first_name": profile.first_name,
        "middle_initial": profile.middle_initial,
        "last_name": profile.last_name,
        "job_role": profile.job_role,
        "line1": profile.address.line1,
        "line2": profile.address.line2,
        "city": profile.address.city,
        "us_state": profile.address.state,
        "zip": profile.address.zip,
        "phone": profile.phone,
        "extension": profile.extension,
        "mobile": profile.mobile,
        "email": profile.email,
    }


def _profile(row: Row[Any]) -> Profile | None:
    if row.email is None:
        return None
    return Profile(
        first_name=row.first_name,
        middle_initial=row.middle_initial,
        last_name=row.last_name,
        job_role=row.job_role,
        address=Address(row.line1, row.line2, row.city, row.us_state, row.zip),
        phone=row.phone,
        extension=row.extension,
        mobile=row.mobile,
        email=row.email,
        language=row.language,
    )


def _request_columns(registration_id: UUID, place: int, request: AccessRequest) -> dict[str, object]:
    return {
        "id": request.id,
        "registration_id": registration_id,
        "place": place,
        "tin": request.tin,
        "line": request.line.value,
        "practice": request.practice,
        "state": request.state.value,
        **nomination_columns(request.nomination),
    }


def _request(row: Row[Any]) -> AccessRequest:
    return AccessRequest(
        id=row.id,
        tin=row.tin,
        line=Line(row.line),
        practice=row.practice,
        nomination=nomination_in(row),
        state=RequestState(row.state),
    )
