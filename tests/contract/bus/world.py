"""Two small services, a mill that publishes and a bakery that listens, joined by whichever transport is under test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from marshmallow import fields
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, func, insert, select

from chassis.bus.policy import RetryPolicy
from chassis.bus.relay import Relay
from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription, wanted_by
from chassis.bus.transport import Transport
from chassis.bus.worker import InboxWorker
from chassis.db.outbox import Outlet
from chassis.db.tables import inbox_subject, metadata, outbox
from chassis.db.work import SqlUnitOfWork
from chassis.kernel.cause import Cause
from chassis.kernel.clock import SystemClock
from chassis.kernel.errors import NotYetKnownError
from chassis.kernel.messages import Event, Message
from chassis.kernel.work import UnitOfWork
from chassis.testing.waiting import eventually

Answer = TypeVar("Answer")

MILLED = "mill.sack.milled.v1"
BURNT = "mill.sack.burnt.v1"
SIFTED = "mill.sack.sifted.v1"
PATIENT = RetryPolicy(first=0.02, longest=0.05, attempts=1_000, unknown_pause=0.02, unknown_for=30.0)
SOON_WEARY = replace(PATIENT, attempts=3)


@dataclass(frozen=True, slots=True)
class Milled(Event):
    subject: str
    number: int
    type: str = MILLED
    sealed: str | None = None


def publish(event: Event) -> Message:
    assert isinstance(event, Milled)
    data: dict[str, Any] = {"number": event.number, "surplus": "unknown to the listener"}
    return Message(event.type, event.subject, data | ({"sealed": event.sealed} if event.sealed else {}))


class MilledSchema(ConsumedSchema):
    number = fields.Integer(required=True, strict=True)
    sealed = fields.String()


def tables() -> tuple[MetaData, Table]:
    own = metadata()
    baked = Table(
        "baked",
        own,
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("subject", String(200), nullable=False),
        Column("number", Integer, nullable=False),
    )
    return own, baked


METADATA, BAKED = tables()


@dataclass
class Oven:
    """The listener's ports: what the test lets go wrong."""

    fail: Callable[[Received], bool] = field(default=lambda _: False)
    unknown: Callable[[Received], bool] = field(default=lambda _: False)
    seen: list[Received] = field(default_factory=list)


def bake(event: Received, work: UnitOfWork[Connection], oven: Oven) -> None:
    work.writing().execute(insert(BAKED).values(subject=event.subject, number=event.data["number"]))
    oven.seen.append(event)
    if oven.unknown(event):
        raise NotYetKnownError("the miller is not known yet")
    if oven.fail(event):
        raise RuntimeError("the oven is cold")


SUBSCRIPTIONS = (Subscription(MILLED, MilledSchema, bake),)
BAKERY_WANTS = wanted_by((*SUBSCRIPTIONS, Subscription(SIFTED, MilledSchema, bake)))


@dataclass
class World:
    """The mill's outbox and the bakery's inbox, each in a database of its own."""

    mill: Engine
    bakery: Engine
    transport: Transport
    arrive: Callable[[], object]
    oven: Oven = field(default_factory=Oven)

    def __post_init__(self) -> None:
        for engine in (self.mill, self.bakery):
            METADATA.create_all(engine)
        self.relay = self.new_relay()
        self.worker = self.new_worker()

    def new_relay(self, **options: Any) -> Relay:
        return Relay(self.mill, "mill", **{"transport": self.transport, **options})

    def new_worker(
        self,
        policy: RetryPolicy = PATIENT,
        subscriptions: Sequence[Subscription[Connection, Oven]] = SUBSCRIPTIONS,
    ) -> InboxWorker[Connection, Oven]:
        return InboxWorker(
            self.bakery,
            subscriptions,
            lambda connection: connection,
            self.oven,
            Outlet("bakery", publish),
            policy=policy,
        )

    def commit(self, *events: Milled) -> None:
        work = self.work()
        work.record(*events)
        work.commit()

    def work(self) -> SqlUnitOfWork[Connection]:
        cause = Cause(actor="user:miller", correlation_id="c-1", site="medical", address="192.0.2.7")
        return SqlUnitOfWork(self.mill, lambda c: c, Outlet("mill", publish), cause, SystemClock())

    def deliver(self) -> None:
        """Carry everything over and work it off."""
        self.carry()
        while self.worker.step():
            pass

    def carry(self) -> None:
        """Carry everything from the mill's outbox into the bakery's inbox."""
        while self.relay.step():
            pass
        self.arrive()

    def until(self, ask: Callable[[], Answer]) -> Answer:
        """Deliver until `ask` has an answer that is true."""

        def deliver_and_ask() -> Answer:
            self.deliver()
            return ask()

        return eventually(deliver_and_ask)

    def baked(self, subject: str | None = None) -> list[int]:
        query = select(BAKED.c.number).order_by(BAKED.c.id)
        if subject:
            query = query.where(BAKED.c.subject == subject)
        return self._numbers(self.bakery, query)

    def unsent(self) -> list[int]:
        return self._numbers(self.mill, select(outbox.c.position).where(~outbox.c.sent))

    def parked(self) -> list[Any]:
        with self.bakery.connect() as connection:
            return list(connection.execute(select(inbox_subject).where(inbox_subject.c.parked_at.is_not(None))))

    @staticmethod
    def count_of(engine: Engine, table: Table) -> int:
        with engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    @staticmethod
    def _numbers(engine: Engine, query: Any) -> list[int]:
        with engine.connect() as connection:
            return list(connection.execute(query).scalars())
