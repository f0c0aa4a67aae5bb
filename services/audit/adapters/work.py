"""Audit's own unit of work: what audit publishes is in its own log by the same commit (AUD-6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from chassis.db.outbox import Outgoing, Outlet, Written
from chassis.db.work import SqlUnitOfWork
from chassis.kernel.cause import Cause
from services.audit.adapters.store import SqlStore
from services.audit.application.append_entries import AppendEntries, append_entries
from services.audit.application.ports import Ports, Store
from services.audit.domain.entry import Arrival


class LoggedUnitOfWork(SqlUnitOfWork[Store]):
    """`SqlUnitOfWork` whose recorded events are appended to the log too, under the same identifiers as in the outbox.

    Audit does not take them from the bus: an answer that shows history and the entry that tells of it stand or fall
    together.
    """

    def __init__(
        self,
        engine: Engine,
        outlet: Outlet,
        cause: Cause,
        ports: Ports,
        *,
        on_begin: Callable[[Connection], None] | None = None,
    ) -> None:
        super().__init__(engine, SqlStore, outlet, cause, ports.clock, on_begin=on_begin)
        self._source = outlet.source
        self._ports = ports

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """In a transaction: what a document is filled from is one moment's, by a cursor that lives in one."""
        if self.connection is not None:
            yield self.writing()
            return
        with self._engine.connect().execution_options(write=False) as connection, connection.begin():
            yield SqlStore(connection)

    def _write_out(self, connection: Connection, outgoing: Sequence[Outgoing]) -> Sequence[Written]:
        written = super()._write_out(connection, outgoing)
        if written:
            append_entries(AppendEntries(tuple(_arrival(each, self._source) for each in written)), self, self._ports)
        return written


def _arrival(written: Written, source: str) -> Arrival:
    message, cause = written.outgoing.message, written.outgoing.cause
    return Arrival(
        event_id=written.event_id,
        source=source,
        type=message.type,
        subject=message.subject,
        sequence=written.sequence,
        time=written.at,
        actor=cause.actor,
        site=cause.site,
        address=cause.address,
        correlation_id=cause.correlation_id,
        causation_id=cause.causation_id,
        data=message.data,
    )
