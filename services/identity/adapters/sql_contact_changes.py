"""Changes of contacts in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from services.identity.adapters.contact_tables import contact_change as changes
from services.identity.domain.contact_changes import ContactChange
from services.identity.domain.contacts import Contact, ContactKind


class SqlContactChanges:
    """`ContactChanges`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, change: ContactChange) -> None:
        self._connection.execute(
            insert(changes).values(
                id=change.id,
                user_id=change.user_id,
                digest=change.digest,
                before=[_kept(each) for each in change.before],
                changed_at=change.changed_at,
                expires_at=change.expires_at,
                ended=change.ended,
            )
        )

    def of_token(self, digest: str) -> ContactChange | None:
        row = self._connection.execute(select(changes).where(changes.c.digest == digest)).one_or_none()
        if row is None:
            return None
        before = tuple(_contact(each) for each in row.before)
        return ContactChange(row.id, row.user_id, row.digest, before, row.changed_at, row.expires_at, row.ended)

    def end_since(self, user_id: str, changed_at: datetime) -> None:
        later = (changes.c.user_id == user_id, changes.c.changed_at >= changed_at)
        self._connection.execute(update(changes).where(*later).values(ended=True))

    def purge(self, expired_before: datetime) -> int:
        return self._connection.execute(delete(changes).where(changes.c.expires_at < expired_before)).rowcount


def _kept(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "kind": contact.kind.value,
        "value": contact.value,
        "verified_at": contact.verified_at.isoformat() if contact.verified_at else None,
        "created_at": contact.created_at.isoformat(),
    }


def _contact(kept: dict[str, Any]) -> Contact:
    verified_at = kept["verified_at"]
    return Contact(
        id=kept["id"],
        kind=ContactKind(kept["kind"]),
        value=kept["value"],
        verified_at=datetime.fromisoformat(verified_at) if verified_at else None,
        created_at=datetime.fromisoformat(kept["created_at"]),
    )
