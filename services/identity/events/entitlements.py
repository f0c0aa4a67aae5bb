"""Entitlements' events as identity needs them: who holds what at which practice (IDN-8)."""

from __future__ import annotations

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.identity.application.note_access import NoteAccess, note_access
from services.identity.application.ports import Ports, Store
from services.identity.domain.access import Held, Level


class GrantSchema(ConsumedSchema):
    """What somebody may do at a place."""

    level = fields.String(required=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True)


class AccessSchema(ConsumedSchema):
    """What a user may do at a TIN and line from now on; `after` is null where that is nothing."""

    user_id = fields.String(required=True)
    tin = fields.String(required=True)
    line = fields.String(required=True)
    after = fields.Nested(GrantSchema, required=True, allow_none=True)


def _access_set(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data, held = received.data, None
    if data["after"] is not None:
        level = Level.of(data["after"]["level"])
        held = Held(data["user_id"], data["tin"], data["line"], level, data["after"]["until"])
    note_access(NoteAccess(data["user_id"], data["tin"], data["line"], held), work, ports)


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = tuple(
    Subscription(f"entitlements.access.{turn}.v1", AccessSchema, _access_set)
    for turn in ("given", "changed", "removed", "ended", "suspended", "restored")
)
