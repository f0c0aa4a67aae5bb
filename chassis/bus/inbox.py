"""The inbox: what arrives is written down first, once, and worked off later in its subject's order (OPS-3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, text

from chassis.bus.beginnings import begin_with_history
from chassis.bus.envelope import Envelope
from chassis.bus.forks import park_forks
from chassis.db.engine import sql_now, upsert
from chassis.db.tables import inbox, inbox_subject

SEALED = "sealed"
INBOX_CHANNEL = "wardenry_inbox"


@dataclass(frozen=True, slots=True)
class Appetite:
    """What a service keeps of what arrives: the content of the types that it `wants`, of the rest the number alone.

    What is sealed is kept only where `keeps_sealed` says that this service can open it (NTF-8).
    """

    wants: Callable[[str], bool]
    keeps_sealed: bool = False

    def kept(self, envelope: Envelope) -> dict[str, Any] | None:
        """The document to keep of an envelope."""
        if not self.wants(envelope.type):
            return None
        document = envelope.document()
        return document if self.keeps_sealed else without_sealed(document)


def receive(connection: Connection, envelopes: Sequence[Envelope], appetite: Appetite) -> None:
    """Write envelopes into the inbox of the open transaction; a repeat of source, subject and sequence does nothing,
    and another event under the same three parks its subject.

    Subjects are touched in sorted order, so that two receivers never wait for each other's.
    """
    if not envelopes:
        return
    arrived = sorted(envelopes, key=lambda each: (each.source, each.subject, each.sequence))
    statement = upsert(connection, inbox).values(received_at=sql_now(connection)).on_conflict_do_nothing()
    taken = connection.execute(statement, [_row(envelope, appetite) for envelope in arrived]).rowcount
    _announce(connection, dict.fromkeys((envelope.source, envelope.subject) for envelope in arrived))
    if taken < len(arrived):
        park_forks(connection, arrived)
    begin_with_history(connection, arrived)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": INBOX_CHANNEL})


def without_sealed(document: dict[str, Any]) -> dict[str, Any]:
    """The envelope's document with the sealed field left out."""
    return {**document, "data": {name: value for name, value in document["data"].items() if name != SEALED}}


def _row(envelope: Envelope, appetite: Appetite) -> dict[str, Any]:
    return {
        "source": envelope.source,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
        "event_id": envelope.id,
        "type": envelope.type,
        "envelope": appetite.kept(envelope),
    }


def _announce(connection: Connection, subjects: dict[tuple[str, str], None]) -> None:
    """Their workers' turn, unless they wait for theirs already, or for somebody to mend what is parked."""
    statement = upsert(connection, inbox_subject).values(done=0, attempts=0, due_at=sql_now(connection))
    idle = and_(inbox_subject.c.due_at.is_(None), inbox_subject.c.parked_at.is_(None), inbox_subject.c.attempts == 0)
    statement = statement.on_conflict_do_update(
        index_elements=["source", "subject"], set_={"due_at": statement.excluded.due_at}, where=idle
    )
    connection.execute(statement, [{"source": source, "subject": subject} for source, subject in subjects])
