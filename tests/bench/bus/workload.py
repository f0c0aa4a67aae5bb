"""What is moved: events of about 1 KiB about many subjects, and the effect that each of them has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import fields
from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, MetaData, String, Table, insert

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.db.outbox import Outgoing, append
from chassis.db.tables import metadata
from chassis.kernel.cause import Cause
from chassis.kernel.clock import SystemClock
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Event, Message
from chassis.kernel.work import UnitOfWork

SOURCE = "mill"
LISTENER = "bakery"
MILLED = "mill.sack.milled.v1"
EVENTS_A_SUBJECT = 5

_DATA: dict[str, Any] = json.loads(
    """{"access_id": "0195a7c2-1b2c-7def-8123-456789abcdef", "user_id": "ssmith1234", "tin": "223344556",
    "line": "medical", "practice": "OGYAM GEORGE Y MD", "by": "geogym1", "at": "2025-03-01T12:30:00Z",
    "request_id": null, "before": null,
    "after": {"level": "processor", "functions": ["claim_status", "patient_coverage"], "until": null},
    "person": {"first_name": "Sally", "middle_initial": null, "last_name": "Smith", "email": "s@example.com",
    "phone": "+18605550100", "extension": null, "job_role": "Biller"}}"""
)


def _tables() -> tuple[MetaData, Table]:
    own = metadata()
    effect = Table(
        "effect",
        own,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("subject", String(200), nullable=False),
        Column("number", BigInteger, nullable=False),
        Column("user_id", String(40), nullable=False),
    )
    return own, effect


METADATA, EFFECT = _tables()


@dataclass(frozen=True, slots=True)
class Milled(Event):
    """The event that the benchmark commits; `number` counts all of them."""

    number: int

    @property
    def subject(self) -> str:
        return f"sack/{self.number // EVENTS_A_SUBJECT}"


class MilledSchema(ConsumedSchema):
    number = fields.Integer(required=True, strict=True)
    user_id = fields.String(required=True)
    tin = fields.String(required=True)


def data_of(number: int) -> dict[str, Any]:
    return {**_DATA, "number": number}


def publish(event: Event) -> Message:
    assert isinstance(event, Milled)
    return Message(MILLED, event.subject, data_of(event.number))


def bake(received: Received, work: UnitOfWork[Connection], _ports: None) -> None:
    """One row for each event: an effect as small as effects are."""
    row = {"subject": received.subject, "number": received.data["number"], "user_id": received.data["user_id"]}
    work.writing().execute(insert(EFFECT), row)


def bake_together(received: Sequence[Received], work: UnitOfWork[Connection], _ports: None) -> None:
    """The same rows in one statement."""
    rows = [
        {"subject": each.subject, "number": each.data["number"], "user_id": each.data["user_id"]} for each in received
    ]
    work.writing().execute(insert(EFFECT), rows)


ONE_BY_ONE: Sequence[Subscription[Connection, None]] = (Subscription(MILLED, MilledSchema, bake),)
TOGETHER: Sequence[Subscription[Connection, None]] = (Subscription(MILLED, MilledSchema, bake, together=bake_together),)


def commit(engine: Engine, numbers: Sequence[int]) -> None:
    """Commit these events, all in one transaction."""
    cause = Cause(actor="user:geogym1", correlation_id=str(new_id()), site="medical", address="192.0.2.7")
    with engine.begin() as connection:
        append(connection, [Outgoing(publish(Milled(number)), cause) for number in numbers], SystemClock().now())
