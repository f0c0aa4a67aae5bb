"""The copies of accounts and contacts, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from chassis.db.engine import upsert
from services.notify.adapters.tables import contact, recipient
from services.notify.domain.recipients import Contact, Kind, Recipient


class SqlRecipients:
    """`Recipients` in the open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_id: str) -> Recipient | None:
        row = self._connection.execute(select(recipient).where(recipient.c.user_id == user_id)).first()
        return _recipient(row) if row else None

    def save(self, given: Recipient) -> None:
        values = asdict(given)
        statement = upsert(self._connection, recipient).values(values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))

    def forget(self, user_id: str) -> None:
        self._connection.execute(delete(recipient).where(recipient.c.user_id == user_id))

    def support_agents(self) -> Sequence[Recipient]:
        statement = select(recipient).where(recipient.c.kind == Kind.SUPPORT.value).order_by(recipient.c.user_id)
        return [_recipient(row) for row in self._connection.execute(statement)]


class SqlContacts:
    """`Contacts` in the open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, given: Contact) -> None:
        values = asdict(given)
        statement = upsert(self._connection, contact).values(values)
        key = ["user_id", "contact_id"]
        self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))

    def drop(self, user_id: str, contact_id: str) -> None:
        own = (contact.c.user_id == user_id, contact.c.contact_id == contact_id)
        self._connection.execute(delete(contact).where(*own))

    def forget(self, user_id: str) -> None:
        self._connection.execute(delete(contact).where(contact.c.user_id == user_id))

    def of(self, user_id: str) -> Sequence[Contact]:
        statement = select(contact).where(contact.c.user_id == user_id).order_by(contact.c.contact_id)
        return [Contact(*row) for row in self._connection.execute(statement)]

    def holders(self, value: str) -> Sequence[str]:
        statement = select(contact.c.user_id).where(contact.c.value == value).order_by(contact.c.user_id).distinct()
        return self._connection.execute(statement).scalars().all()


def _recipient(row: Row[Any]) -> Recipient:
    values = dict(row._mapping)  # noqa: SLF001 (the documented way to a row's columns by name)
    return Recipient(**values | {"kind": Kind(row.kind)})
