"""`me/devices`: where one's second step is skipped (IDN-4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, part_of
from chassis.web.schemas import Instant, ResponseSchema, list_of
from services.identity.api.context import context
from services.identity.api.typed import refuses
from services.identity.application.own_devices import (
    RevokeDevice,
    RevokeDevices,
    devices_of,
    revoke_device,
    revoke_devices,
)

blueprint = Blueprint("devices", __name__, url_prefix="/me/devices", description="One's trusted devices.")


class DeviceSchema(ResponseSchema):
    """A device on which the second step is skipped."""

    id = fields.String(required=True)
    browser = fields.String(
        required=True, attribute="browser.name", metadata={"description": "`other` where it does not say."}
    )
    platform = fields.String(required=True, attribute="browser.platform")
    address = fields.String(required=True, allow_none=True, metadata={"description": "From where it was last used."})
    country = fields.String(required=True, allow_none=True, metadata={"description": "ISO 3166-1, where it is known."})
    trusted_at = Instant(required=True)
    used_at = Instant(required=True)
    expires_at = Instant(required=True)


@blueprint.route("", methods=["GET"])
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(DeviceSchema))
def get_devices(query: dict[str, Any]) -> dict[str, Any]:
    """One's trusted devices, the one that was used last first."""
    found = devices_of(context.caller.user_id, context.work, context.ports)
    return part_of(found, query, lambda item: (-round(item.used_at.timestamp() * 1_000_000), item.id))


@blueprint.route("", methods=["DELETE"])
@signed_in
@blueprint.response(204)
def revoke_all() -> None:
    """Trust none of them any more: the next sign-in asks for the second step everywhere."""
    revoke_devices(RevokeDevices(context.caller.user_id), context.work)


@blueprint.route("/<uuid:device>", methods=["DELETE"])
@signed_in
@refuses(404)
@blueprint.response(204)
def revoke_one(device: UUID) -> None:
    """Trust one of them no more."""
    revoke_device(RevokeDevice(context.caller.user_id, str(device)), context.work, context.ports)
