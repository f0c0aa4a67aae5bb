"""Imports of people in SQL. The people stand here only until they are invited; then the invitations have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from services.registration.adapters.tables import import_people, people_imports
from services.registration.domain.invitations import Invitee, PreparedAccess
from services.registration.domain.lines import Line
from services.registration.domain.people_imports import ImportedPerson, ImportState, Origin, PeopleImport
from services.registration.domain.people_rows import RowFault

_PERSONAL = ("first_name", "middle_initial", "last_name", "phone", "extension", "email")
_ORIGIN = ("actor", "site", "address", "correlation_id")
_AS_THEY_ARE = (
    *("id", "uploaded_by", "file_name", "rows", "people", "created_at", "wrong", "done"),
    *("confirmed_at", "ended_at", "credentials_at"),
)
_FAULT = ("row", "column", "code", "detail")


class SqlImports:
    """`Imports` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, import_id: UUID) -> PeopleImport | None:
        """The import as it stands."""
        return _found(self._connection.execute(select(people_imports).where(people_imports.c.id == import_id)).first())

    def lock(self, import_id: UUID) -> PeopleImport | None:
        """The same, locked."""
        statement = select(people_imports).where(people_imports.c.id == import_id).with_for_update()
        return _found(self._connection.execute(statement).first())

    def lock_running(self, import_id: UUID) -> PeopleImport | None:
        """The same, if it runs and nobody else has it."""
        runs = people_imports.c.state == ImportState.RUNNING.value
        statement = select(people_imports).where(people_imports.c.id == import_id, runs)
        return _found(self._connection.execute(statement.with_for_update(skip_locked=True)).first())

    def next_running(self, after: UUID | None) -> PeopleImport | None:
        """One that runs: the next by its id, and behind the last the first again."""
        running = select(people_imports).where(people_imports.c.state == ImportState.RUNNING.value)
        first = running.order_by(people_imports.c.id).limit(1)
        behind = first if after is None else first.where(people_imports.c.id > after)
        return _found(self._connection.execute(behind).first() or self._connection.execute(first).first())

    def page(self, uploaded_by: str, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[PeopleImport]:
        """Those of one person, the newest first."""
        columns = people_imports.c
        statement = select(people_imports).where(columns.uploaded_by == uploaded_by)
        if before is not None:
            at, import_id = before
            same = (columns.created_at == at) & (columns.id < import_id)
            statement = statement.where((columns.created_at < at) | same)
        newest = statement.order_by(columns.created_at.desc(), columns.id.desc()).limit(limit)
        return [_import(row) for row in self._connection.execute(newest)]

    def add(self, new: PeopleImport, people: Sequence[ImportedPerson]) -> None:
        """Keep a new import with its people."""
        origin = {name: getattr(new.origin, name) for name in _ORIGIN}
        fixed = {name: getattr(new, name) for name in _AS_THEY_ARE}
        self._connection.execute(insert(people_imports).values(**fixed, **origin, **_state(new)))
        if people:
            self._connection.execute(insert(import_people), [_person_row(new.id, person) for person in people])

    def save(self, changed: PeopleImport) -> None:
        """Keep the next state of an import."""
        times = {name: getattr(changed, name) for name in ("confirmed_at", "ended_at", "credentials_at")}
        values = {**_state(changed), "wrong": changed.wrong, "done": changed.done, **times}
        self._connection.execute(update(people_imports).where(people_imports.c.id == changed.id).values(values))

    def people(self, import_id: UUID) -> Sequence[ImportedPerson]:
        """Its people in the order of the file."""
        own = select(import_people).where(import_people.c.import_id == import_id)
        return [_person(row) for row in self._connection.execute(own.order_by(import_people.c.place))]

    def without_temporary_id(self, import_id: UUID, limit: int) -> Sequence[ImportedPerson]:
        """The first of them who have none as yet."""
        waiting = import_people.c.temporary_id.is_(None)
        own = select(import_people).where(import_people.c.import_id == import_id, waiting)
        return [_person(row) for row in self._connection.execute(own.order_by(import_people.c.place).limit(limit))]

    def draw(self, import_id: UUID, people: Sequence[ImportedPerson]) -> None:
        """Keep the temporary IDs of these people."""
        own = (import_people.c.import_id == import_id) & (import_people.c.place == bindparam("of_place"))
        rows = [{"of_place": person.place, "drawn": person.temporary_id} for person in people]
        self._connection.execute(update(import_people).where(own).values(temporary_id=bindparam("drawn")), rows)

    def invited(self, import_id: UUID, invitation_ids: Sequence[UUID]) -> None:
        """Note everybody's invitation, in the order of the file, and forget what that has of them now."""
        own = (import_people.c.import_id == import_id) & (import_people.c.place == bindparam("of_place"))
        forgotten = dict.fromkeys(_PERSONAL)
        rows = [{"of_place": place, "invitation": each} for place, each in enumerate(invitation_ids)]
        statement = update(import_people).where(own).values(invitation_id=bindparam("invitation"), **forgotten)
        self._connection.execute(statement, rows)

    def forget_people(self, import_id: UUID) -> None:
        """Drop its people: nobody will be invited."""
        self._connection.execute(delete(import_people).where(import_people.c.import_id == import_id))

    def invitation_ids(self, import_id: UUID) -> Sequence[tuple[UUID, tuple[int, ...]]]:
        """Everybody's invitation in the order of the file, with the rows that it was made of."""
        columns = import_people.c.invitation_id, import_people.c.rows
        made = import_people.c.invitation_id.is_not(None)
        own = select(*columns).where(import_people.c.import_id == import_id, made).order_by(import_people.c.place)
        return [(invitation_id, _numbers(rows)) for invitation_id, rows in self._connection.execute(own)]

    def drop(self, unconfirmed_before: datetime, ended_before: datetime, limit: int) -> int:
        """Drop imports that nobody confirmed, and those that are over, since then; returns how many."""
        columns = people_imports.c
        over = (columns.state != ImportState.RUNNING.value) & (columns.ended_at < ended_before)
        waiting = columns.ended_at.is_(None) & (columns.state != ImportState.RUNNING.value)
        stale = select(columns.id).where(over | (waiting & (columns.created_at < unconfirmed_before))).limit(limit)
        found = self._connection.execute(stale.with_for_update()).scalars().all()
        self._connection.execute(delete(import_people).where(import_people.c.import_id.in_(found)))
        self._connection.execute(delete(people_imports).where(columns.id.in_(found)))
        return len(found)

    def count_stale(self, unconfirmed_before: datetime, ended_before: datetime) -> int:
        """How many `drop` would find."""
        columns = people_imports.c
        over = (columns.state != ImportState.RUNNING.value) & (columns.ended_at < ended_before)
        waiting = columns.ended_at.is_(None) & (columns.state != ImportState.RUNNING.value)
        stale = over | (waiting & (columns.created_at < unconfirmed_before))
        return int(self._connection.execute(select(func.count()).select_from(people_imports).where(stale)).scalar_one())


def _found(row: Row[Any] | None) -> PeopleImport | None:
    return None if row is None else _import(row)


def _import(row: Row[Any]) -> PeopleImport:
    return PeopleImport(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        origin=Origin(**{name: getattr(row, name) for name in _ORIGIN}),
        state=ImportState(row.state),
        faults=tuple(RowFault(*fault) for fault in orjson.loads(row.faults)),
    )


def _state(changed: PeopleImport) -> dict[str, object]:
    faults = [[getattr(fault, name) for name in _FAULT] for fault in changed.faults]
    return {"state": changed.state.value, "faults": orjson.dumps(faults).decode()}


def _person_row(import_id: UUID, person: ImportedPerson) -> dict[str, object]:
    return {
        "import_id": import_id,
        "place": person.place,
        "rows": ";".join(map(str, person.rows)),
        "access": orjson.dumps([asdict(access) for access in person.access]).decode(),
        **{name: getattr(person.invitee, name) for name in _PERSONAL},
    }


def _person(row: Row[Any]) -> ImportedPerson:
    return ImportedPerson(
        place=row.place,
        rows=_numbers(row.rows),
        invitee=Invitee(**{name: getattr(row, name) for name in _PERSONAL}),
        access=tuple(map(_access, orjson.loads(row.access))),
        temporary_id=row.temporary_id,
    )


def _access(kept: Mapping[str, Any]) -> PreparedAccess:
    until = kept["until"]
    fields = {**kept, "line": Line(kept["line"]), "functions": tuple(kept["functions"])}
    return PreparedAccess(**{**fields, "until": until and datetime.fromisoformat(until)})


def _numbers(rows: str) -> tuple[int, ...]:
    return tuple(map(int, rows.split(";")))
