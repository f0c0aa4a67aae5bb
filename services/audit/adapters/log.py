"""The log in SQL: a locked head gives out the indexes, so that they have no gap and stand in order of commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from chassis.db.engine import upsert
from services.audit.adapters import disclosed_json
from services.audit.adapters.tables import entry, entry_personal, log_head
from services.audit.application.errors import ForkedSequenceError
from services.audit.application.ports import EntryFilter, Found
from services.audit.domain.entry import Entry
from services.audit.domain.personal import Disclosed


class SqlLog:
    """`Log` on a connection whose transaction somebody else ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, entries: Sequence[Entry]) -> Sequence[int | None]:
        """Two statements where every event is new, which is the rule: lock and count, then insert."""
        first = self._take(len(entries))
        if self._insert(entries, first):
            self._keep_personal(entries, first)
            return range(first, first + len(entries))
        return self._append_new(entries, first)

    def search(self, sought: EntryFilter, below: int | None, limit: int) -> Sequence[Found]:
        """Newest first, by primary key."""
        statement = select(entry).where(*_conditions(sought)).order_by(entry.c.leaf_index.desc()).limit(limit)
        if below is not None:
            statement = statement.where(entry.c.leaf_index < below)
        return [_found(row) for row in self._connection.execute(statement)]

    def personal(self, index: int) -> Sequence[Disclosed]:
        """The personal values of an entry that have not been erased."""
        columns = select(entry_personal.c.person, entry_personal.c.address)
        row = self._connection.execute(columns.where(entry_personal.c.leaf_index == index)).one_or_none()
        return [single for part in row or () if part for single in disclosed_json.loads(part)]

    def erase(self, user_id: str) -> int:
        """What the leaves commit to cannot be opened any more."""
        person, address = entry_personal.c.person, entry_personal.c.address
        about = update(entry_personal).where(entry_personal.c.concerned == user_id, person.is_not(None))
        by = update(entry_personal).where(entry_personal.c.acting == user_id, address.is_not(None))
        return sum(
            self._connection.execute(each).rowcount for each in (about.values(person=None), by.values(address=None))
        )

    def _take(self, count: int) -> int:
        statement = update(log_head).where(log_head.c.id == 1).values(size=log_head.c.size + count)
        size: int = self._connection.execute(statement.returning(log_head.c.size)).scalar_one()
        return size - count

    def _insert(self, entries: Sequence[Entry], first: int) -> bool:
        """Whether each of them was new; if not, those that were stand at their index all the same."""
        statement = upsert(self._connection, entry).on_conflict_do_nothing()
        rows = [_row(index, each) for index, each in enumerate(entries, first)]
        result = self._connection.execute(statement, rows, execution_options={"preserve_rowcount": True})
        return result.rowcount == len(rows)

    def _append_new(self, entries: Sequence[Entry], first: int) -> Sequence[int | None]:
        """Take back what `_insert` did, and append those alone that the log does not have yet, each once."""
        self._connection.execute(delete(entry).where(entry.c.leaf_index >= first))
        self._take(-len(entries))
        new = {each.arrival.event_id: each for each in reversed(entries)}
        for event_id in self._known(list(new)):
            del new[event_id]
        news = sorted(new.values(), key=entries.index)
        start = self._take(len(news))
        if news and not self._insert(news, start):
            raise ForkedSequenceError("Another event has this source, subject and sequence already.")
        self._keep_personal(news, start)
        indexes = {id(each): index for index, each in enumerate(news, start)}
        return [indexes.get(id(each)) for each in entries]

    def _known(self, event_ids: Sequence[str]) -> Sequence[str]:
        return self._connection.execute(select(entry.c.event_id).where(entry.c.event_id.in_(event_ids))).scalars().all()

    def _keep_personal(self, entries: Sequence[Entry], first: int) -> None:
        rows = [
            {
                "leaf_index": index,
                "concerned": each.personal.concerned,
                "person": disclosed_json.dumps(each.personal.person),
                "acting": each.personal.acting,
                "address": disclosed_json.dumps(each.personal.address),
            }
            for index, each in enumerate(entries, first)
            if each.personal.person or each.personal.address
        ]
        if rows:
            self._connection.execute(insert(entry_personal), rows)


def _row(index: int, each: Entry) -> dict[str, Any]:
    arrival = each.arrival
    return {
        "leaf_index": index,
        "event_id": arrival.event_id,
        "source": arrival.source,
        "type": arrival.type,
        "subject": arrival.subject,
        "sequence": arrival.sequence,
        "at": arrival.time,
        "actor": arrival.actor,
        "leaf": each.leaf,
        "leaf_hash": each.leaf_hash,
    }


def _conditions(sought: EntryFilter) -> list[Any]:
    wished = {entry.c.type: sought.type, entry.c.subject: sought.subject, entry.c.actor: sought.actor}
    conditions = [column == value for column, value in wished.items() if value is not None]
    if sought.since is not None:
        conditions.append(entry.c.at >= sought.since)
    if sought.before is not None:
        conditions.append(entry.c.at < sought.before)
    return [and_(*conditions)] if conditions else []


def _found(row: Row[Any]) -> Found:
    return Found(
        index=row.leaf_index,
        event_id=row.event_id,
        source=row.source,
        type=row.type,
        subject=row.subject,
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        leaf=row.leaf,
        leaf_hash=row.leaf_hash,
    )
