"""The unit of work over SQL: one writing transaction, whose recorded events go to the outbox as it commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine

from chassis.db.engine import looking
from chassis.db.outbox import Outgoing, Outlet, Written, append
from chassis.kernel.cause import Cause
from chassis.kernel.clock import Clock
from chassis.kernel.messages import Event

Store = TypeVar("Store")


class SqlUnitOfWork(Generic[Store]):
    """`chassis.kernel.work.UnitOfWork` for one edge: a request, a job or a command.

    `on_begin` is called with the connection as the writing transaction begins, and may raise to stop it. The edge
    calls `commit` or `rollback` once; after either the unit is over.
    """

    def __init__(
        self,
        engine: Engine,
        store: Callable[[Connection], Store],
        outlet: Outlet,
        cause: Cause,
        clock: Clock,
        *,
        on_begin: Callable[[Connection], None] | None = None,
    ) -> None:
        self._engine = engine
        self._make_store = store
        self._outlet = outlet
        self._cause = cause
        self._clock = clock
        self._on_begin = on_begin
        self._connection: Connection | None = None
        self._store: Store | None = None
        self._outgoing: list[Outgoing] = []
        self._wrote = False

    @property
    def cause(self) -> Cause:
        """Who brought this about."""
        return self._cause

    @property
    def wrote(self) -> bool:
        """Whether its writing transaction was ever begun, however it ended."""
        return self._wrote

    @property
    def connection(self) -> Connection | None:
        """The writing transaction's connection, once `writing` was called."""
        return self._connection

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """A short look at what is committed; inside the writing transaction, at what it sees."""
        if self._connection is not None:
            yield self.writing()
            return
        with looking(self._engine) as connection:
            yield self._make_store(connection)

    def writing(self) -> Store:
        """The one writing transaction, begun by the first call."""
        if self._store is None:
            self._connection = self._engine.connect()
            self._wrote = True
            self._connection.begin()
            if self._on_begin is not None:
                self._on_begin(self._connection)
            self._store = self._make_store(self._connection)
        return self._store

    def acting_as(self, actor: str) -> None:
        """Record what follows as this actor's."""
        self._cause = replace(self._cause, actor=actor)

    def record(self, *events: Event) -> None:
        """Note facts: they are written to the outbox as the transaction commits."""
        self._outgoing.extend(Outgoing(self._outlet.publish(event), self._cause) for event in events)

    def commit(self) -> None:
        """Commit what was written and recorded, if anything was, and wake the relay."""
        if self._outgoing:
            self.writing()
        if self._connection is None:
            return
        self._write_out(self._connection, self._outgoing)
        self._connection.commit()
        self._close()
        if self._outgoing:
            self._outlet.wake()

    def rollback(self) -> None:
        """Undo what was written, and forget what was recorded."""
        self._outgoing.clear()
        if self._connection is not None:
            self._connection.rollback()
            self._close()

    def _write_out(self, connection: Connection, outgoing: Sequence[Outgoing]) -> Sequence[Written]:
        """Write what was recorded to the outbox; a service that keeps it elsewhere too does so here."""
        return append(connection, outgoing, self._clock.now())

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._store = None, None


class JoinedUnitOfWork(Generic[Store]):
    """A unit of work inside a transaction that somebody else commits: the inbox worker's, one for each event.

    `outgoing` holds what was recorded; the owner of the transaction writes it to the outbox.
    """

    def __init__(self, store: Store, outlet: Outlet, cause: Cause) -> None:
        self._store = store
        self._outlet = outlet
        self._cause = cause
        self.outgoing: list[Outgoing] = []

    @property
    def cause(self) -> Cause:
        """Who brought this about."""
        return self._cause

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The transaction's own view."""
        yield self._store

    def writing(self) -> Store:
        """The transaction that this unit joined."""
        return self._store

    def acting_as(self, actor: str) -> None:
        """Record what follows as this actor's."""
        self._cause = replace(self._cause, actor=actor)

    def record(self, *events: Event) -> None:
        """Note facts, for the owner of the transaction to write out."""
        self.outgoing.extend(Outgoing(self._outlet.publish(event), self._cause) for event in events)
