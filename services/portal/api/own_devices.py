"""Settings → Sign-in: forgetting the devices on which no code is asked for (IDN-4)."""

from __future__ import annotations

from flask import Blueprint, Response

from services.portal.api.context import context
from services.portal.api.handles import meant
from services.portal.api.pages import go_to
from services.portal.api.signed_in import api, signed_in
from services.portal.application import device_calls

blueprint = Blueprint("own_devices", __name__, url_prefix="/settings/sign-in/devices")


@blueprint.post("/<string:device>/forget")
@signed_in
def forget(device: str) -> Response:
    """Forget one."""
    device_calls.forget_device(api(), meant(device, "device"), context.form_key)
    return go_to("second_steps.show", done="device_forgotten")


@blueprint.post("/forget-all")
@signed_in
def forget_all() -> Response:
    """Forget all of them, this one included."""
    device_calls.forget_devices(api(), context.form_key)
    return go_to("second_steps.show", done="devices_forgotten")
