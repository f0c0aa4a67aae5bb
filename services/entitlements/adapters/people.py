"""People in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from chassis.db.engine import upsert
from services.entitlements.adapters.tables import person
from services.entitlements.domain.people import AccountState, Person, Profile, search_form


class SqlPeople:
    """`People` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, user_ids: Collection[str]) -> Mapping[str, Person]:
        if not user_ids:
            return {}
        statement = select(person).where(person.c.user_id.in_(sorted(user_ids)))
        return {row.user_id: person_of(row) for row in self._connection.execute(statement)}

    def lock(self, user_id: str) -> Person | None:
        statement = select(person).where(person.c.user_id == user_id).with_for_update()
        row = self._connection.execute(statement).first()
        return person_of(row) if row else None

    def lock_all(self, user_ids: Collection[str]) -> None:
        if user_ids:
            statement = select(person.c.user_id).where(person.c.user_id.in_(sorted(user_ids)))
            self._connection.execute(statement.order_by(person.c.user_id).with_for_update()).all()

    def put(self, someone: Person) -> None:
        values = _values(someone)
        statement = upsert(self._connection, person).values(user_id=someone.user_id, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))


def person_of(row: Row[Any]) -> Person:
    """The person in a row that has all of the table's columns."""
    profile = Profile(
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        middle_initial=row.middle_initial,
        phone=row.phone,
        extension=row.extension,
        job_role=row.job_role,
    )
    return Person(row.user_id, profile, AccountState(row.state), row.registration_id, row.disabled)


def _values(someone: Person) -> dict[str, Any]:
    profile = someone.profile
    return {
        "first_name": profile.first_name,
        "middle_initial": profile.middle_initial,
        "last_name": profile.last_name,
        "email": profile.email,
        "phone": profile.phone,
        "extension": profile.extension,
        "job_role": profile.job_role,
        "state": someone.state.value,
        "disabled": someone.disabled,
        "registration_id": someone.registration_id,
        "first_search": search_form(profile.first_name),
        "last_search": search_form(profile.last_name),
    }
