"""What is gathered of registrations, in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from chassis.db.engine import upsert
from services.notify.adapters.tables import gathering
from services.notify.domain.gathering import Gathering, OpenedRequest
from services.notify.domain.occasions import Occasion


class SqlGatherings:
    """`Gatherings` in the open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def for_update(self, registration_id: str) -> Gathering:
        statement = upsert(self._connection, gathering).values(_row(Gathering(registration_id)))
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=["registration_id"]))
        here = select(gathering).where(gathering.c.registration_id == registration_id)
        return _gathering(self._connection.execute(here.with_for_update()).one())

    def save(self, given: Gathering) -> None:
        here = gathering.c.registration_id == given.registration_id
        self._connection.execute(update(gathering).where(here).values(_row(given)))

    def take_overdue(self, now: datetime) -> Gathering | None:
        row = self._connection.execute(_overdue(now).with_for_update(skip_locked=True)).first()
        return _gathering(row) if row else None

    def anything_overdue(self, now: datetime) -> bool:
        return self._connection.execute(_overdue(now)).first() is not None


def _overdue(now: datetime) -> Select[Any]:
    due = (gathering.c.tell_by.is_not(None), gathering.c.tell_by <= now)
    return select(gathering).where(*due).order_by(gathering.c.tell_by).limit(1)


def _row(given: Gathering) -> dict[str, Any]:
    confirmed = given.confirmed
    return {
        "registration_id": given.registration_id,
        "user_id": given.user_id,
        "expected": None if given.expected is None else sorted(given.expected),
        "opened": {
            each.request_id: {"place": dict(each.place), "managers": list(each.managers)}
            for each in given.opened.values()
        },
        "confirmed": confirmed
        and {
            "event_id": confirmed.event_id,
            "correlation_id": confirmed.correlation_id,
            "actor": confirmed.actor,
            "at": confirmed.at.isoformat(),
            "replayed": confirmed.replayed,
        },
        "tell_by": given.tell_by,
        "told": given.told,
    }


def _gathering(row: Row[Any]) -> Gathering:
    confirmed = row.confirmed and Occasion(**{**row.confirmed, "at": datetime.fromisoformat(row.confirmed["at"])})
    return Gathering(
        registration_id=row.registration_id,
        user_id=row.user_id,
        expected=None if row.expected is None else frozenset(row.expected),
        opened={
            request_id: OpenedRequest(request_id, each["place"], tuple(each["managers"]))
            for request_id, each in row.opened.items()
        },
        confirmed=confirmed,
        tell_by=row.tell_by,
        told=row.told,
    )
