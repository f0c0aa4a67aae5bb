"""Reservations, and every user ID that is spoken for, in SQL (REG-6, REG-9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select

from chassis.db.engine import upsert
from services.identity.adapters.tables import reservation as reservations
from services.identity.adapters.tables import user_id as user_ids
from services.identity.domain.people import Address, Person, Profile
from services.identity.domain.reservations import Reservation
from services.identity.domain.security_questions import HashedAnswer


class SqlUserIds:
    """`UserIds`: one row for each, which the accounts' and reservations' coming and going leave alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def taken(self, asked: Collection[str], now: datetime, holder: str | None = None) -> set[str]:
        statement = select(user_ids.c.user_id).where(
            user_ids.c.user_id.in_(asked),
            or_(user_ids.c.kept, and_(user_ids.c.lapses_at > now, user_ids.c.holder.is_distinct_from(holder))),
        )
        return set(self._connection.execute(statement).scalars())

    def claim(self, user_id: str, holder: str, until: datetime, now: datetime) -> bool:
        values = {"holder": holder, "lapses_at": until}
        free = and_(~user_ids.c.kept, or_(user_ids.c.holder == holder, user_ids.c.lapses_at <= now))
        statement = (
            upsert(self._connection, user_ids)
            .values(user_id=user_id, kept=False, **values)
            .on_conflict_do_update(index_elements=["user_id"], set_=values, where=free)
            .returning(user_ids.c.user_id)
        )
        return self._connection.execute(statement).one_or_none() is not None

    def keep(self, user_id: str, holder: str | None) -> bool:
        values = {"holder": holder, "kept": True, "lapses_at": None}
        own = and_(~user_ids.c.kept, user_ids.c.holder == holder)
        statement = (
            upsert(self._connection, user_ids)
            .values(user_id=user_id, **values)
            .on_conflict_do_update(index_elements=["user_id"], set_=values, where=own)
            .returning(user_ids.c.user_id)
        )
        return self._connection.execute(statement).one_or_none() is not None

    def release_others(self, holder: str, user_id: str) -> None:
        self._connection.execute(
            delete(user_ids).where(~user_ids.c.kept, user_ids.c.holder == holder, user_ids.c.user_id != user_id)
        )

    def purge(self, lapsed_before: datetime) -> int:
        statement = delete(user_ids).where(~user_ids.c.kept, user_ids.c.lapses_at < lapsed_before)
        return self._connection.execute(statement).rowcount


class SqlReservations:
    """`Reservations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, registration_id: str) -> Reservation | None:
        statement = select(reservations).where(reservations.c.registration_id == registration_id)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _reservation(row)

    def put(self, reservation: Reservation) -> None:
        self._connection.execute(
            delete(reservations).where(
                or_(
                    reservations.c.registration_id == reservation.registration_id,
                    reservations.c.user_id == reservation.user_id,
                )
            )
        )
        values = {
            name: getattr(reservation, name)
            for name in (
                "registration_id",
                "user_id",
                "password_hash",
                "date_of_birth",
                "site",
                "reserved_at",
                "lapses_at",
            )
        }
        answers = [asdict(each) for each in reservation.answers]
        statement = insert(reservations).values(**values, answers=answers, person=asdict(reservation.person))
        self._connection.execute(statement)

    def remove(self, registration_id: str) -> None:
        self._connection.execute(delete(reservations).where(reservations.c.registration_id == registration_id))

    def purge(self, reserved_before: datetime) -> int:
        statement = delete(reservations).where(reservations.c.reserved_at < reserved_before)
        return self._connection.execute(statement).rowcount


def _reservation(row: Row[Any]) -> Reservation:
    return Reservation(
        registration_id=row.registration_id,
        user_id=row.user_id,
        password_hash=row.password_hash,
        date_of_birth=row.date_of_birth,
        answers=tuple(HashedAnswer(**each) for each in row.answers),
        site=row.site,
        person=_person(row.person),
        reserved_at=row.reserved_at,
        lapses_at=row.lapses_at,
    )


def _person(stored: dict[str, Any]) -> Person:
    profile = dict(stored["profile"])
    address = profile.pop("address")
    return Person(
        Profile(**profile, address=Address(**address) if address else None), stored["email"], stored["mobile"]
    )
