"""Notify's events as identity needs them: which numbers take no texts (NTF-5)."""

from __future__ import annotations

from collections.abc import Callable

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.identity.application.note_opt_out import NoteOptOut, note_opt_out
from services.identity.application.ports import Ports, Store


class NumberOwnerSchema(ConsumedSchema):
    """Whoever has the number."""

    mobile = fields.String(required=True)


class NumberSchema(ConsumedSchema):
    """A number that opted out, or in again."""

    short_code = fields.String(load_default=None, allow_none=True)
    at = fields.AwareDateTime(required=True)
    person = fields.Nested(NumberOwnerSchema, required=True)


def _turned(*, opted_out: bool) -> Callable[[Received, UnitOfWork[Store], Ports], None]:
    def handle(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        data = received.data
        command = NoteOptOut(data["person"]["mobile"], data["short_code"], data["at"], opted_out)
        note_opt_out(command, work, ports)

    return handle


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("notify.number.opted_out.v1", NumberSchema, _turned(opted_out=True)),
    Subscription("notify.number.opted_in.v1", NumberSchema, _turned(opted_out=False)),
)
