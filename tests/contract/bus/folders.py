"""A data folder as a `wardenry up` leaves it, with the bus's tables alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import Appetite, receive
from chassis.db.engine import make_engine
from chassis.db.outbox import Outgoing, append
from chassis.db.tables import inbox, metadata, outbox
from chassis.kernel.cause import Cause
from chassis.kernel.clock import SystemClock
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Message
from wardenry.embedded.folder import DataFolder
from wardenry.registry import SERVICES

CAUSE = Cause(actor="user:mary", correlation_id="c-1", site="medical", address="192.0.2.7")
PERSONAL = {"user_id": "mary", "person": {"first_name": "Mary"}, "sealed": "a secret"}


class Folder:
    """Databases to write into beside a command."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder = DataFolder(path)
        self._folder.prepare()
        self._engines: dict[str, Engine] = {}
        for service in SERVICES:
            metadata().create_all(self.engine(service))

    def engine(self, service: str) -> Engine:
        if service not in self._engines:
            self._engines[service] = make_engine(self._folder.database_url(service))
        return self._engines[service]

    def publish(self, source: str, event_type: str, subject: str, data: Mapping[str, Any]) -> None:
        """Commit an event to a service's outbox."""
        with self.engine(source).begin() as connection:
            append(connection, [Outgoing(Message(event_type, subject, dict(data)), CAUSE)], SystemClock().now())

    def receive(self, service: str, event_type: str, subject: str, data: Mapping[str, Any], sequence: int = 1) -> None:
        """Write an event into a service's inbox."""
        source = event_type.partition(".")[0]
        with self.engine(service).begin() as connection:
            now = SystemClock().now()
            envelope = Envelope(str(new_id()), source, event_type, subject, sequence, now, data, CAUSE)
            receive(connection, [envelope], Appetite(lambda _: True, keeps_sealed=True))

    def sent(self, source: str) -> None:
        """As if a relay had carried off all that a service published."""
        with self.engine(source).begin() as connection:
            connection.execute(update(outbox).values(sent=True))

    def inbox(self, service: str) -> list[dict[str, Any]]:
        """What a service has received."""
        with self.engine(service).connect() as connection:
            return list(connection.execute(select(inbox.c.envelope).order_by(inbox.c.subject)).scalars())

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
