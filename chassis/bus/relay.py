"""The relay: takes what is new in a service's outbox to the bus, and marks it once it is safe there (OPS-3)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, text, update

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import SEALED
from chassis.bus.transport import Transport
from chassis.bus.watching import note
from chassis.db.engine import among, sql_now
from chassis.db.tables import outbox
from chassis.kernel.cause import Cause
from chassis.telemetry.telemetry import Telemetry

_PATIENCE = text("SET LOCAL idle_in_transaction_session_timeout = '6s'")


class Relay:
    """Publishes one service's outbox.

    On PostgreSQL any number may run: a claim is the lock on a row, held until the broker has answered, so a killed
    relay's claims are free at once, and a paused one's when the database ends its session after six seconds. On SQLite
    there is one relay, in the one process that holds the data folder, and claims nothing. Whatever is sent twice the
    inboxes drop, and order needs no care here: the receivers go by `sequence`.
    """

    def __init__(
        self,
        engine: Engine,
        source: str,
        transport: Transport,
        *,
        batch: int = 200,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._engine = engine
        self._source = source
        self._transport = transport
        self._batch = batch
        self._telemetry = telemetry or Telemetry()

    def step(self) -> bool:
        """Publish one batch; False where nothing was waiting, or where not all of it could be delivered."""
        if not self._waiting():
            return False
        return self._claim_and_publish() if self._engine.dialect.name == "postgresql" else self._publish_alone()

    def _waiting(self) -> bool:
        with self._engine.connect().execution_options(write=False) as connection, connection.begin():
            return connection.execute(_unsent(1)).first() is not None

    def _claim_and_publish(self) -> bool:
        with self._engine.begin() as connection:
            connection.execute(_PATIENCE)
            rows = connection.execute(_unsent(self._batch).with_for_update(skip_locked=True)).all()
            safe = self._publish(rows)
            _mark(connection, safe)
        return bool(rows) and len(safe) == len(rows)

    def _publish_alone(self) -> bool:
        with self._engine.connect().execution_options(write=False) as connection, connection.begin():
            rows = connection.execute(_unsent(self._batch)).all()
        safe = self._publish(rows)
        with self._engine.begin() as connection:
            _mark(connection, safe)
        return bool(rows) and len(safe) == len(rows)

    def _publish(self, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
        if not rows:
            return []
        begun = time.time()
        answered = self._transport.publish([envelope_of(row, self._source) for row in rows])
        safe = [row for row in rows if row.event_id in answered]
        self._tell(safe, begun)
        return safe

    def _tell(self, safe: Sequence[Row[Any]], begun: float) -> None:
        self._telemetry.meters.bus.published(len(safe), max(0.0, time.time() - begun))
        if self._telemetry.tracer.records:
            for row in safe:
                note(self._telemetry.tracer, "publish", row.type, row.traceparent, begun)


def envelope_of(row: Row[Any], source: str) -> Envelope:
    """The envelope of an outbox row."""
    cause = Cause(
        actor=row.actor,
        correlation_id=row.correlation_id,
        causation_id=row.causation_id,
        site=row.actor_site,
        address=row.actor_address,
        traceparent=row.traceparent,
    )
    return Envelope(row.event_id, source, row.type, row.subject, row.sequence, row.at, row.data, cause)


def _unsent(limit: int) -> Any:
    return select(outbox).where(~outbox.c.sent).order_by(outbox.c.position).limit(limit)


def _mark(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    """As sent; what was sealed does not stay (NTF-8)."""
    if not rows:
        return
    these = among(connection, outbox.c.position, [row.position for row in rows])
    connection.execute(update(outbox).where(these).values(sent=True, sent_at=sql_now(connection)))
    for row in rows:
        if SEALED in row.data:
            data = {name: value for name, value in row.data.items() if name != SEALED}
            connection.execute(update(outbox).where(outbox.c.position == row.position).values(data=data))
