"""Identity's calls for one's trusted devices (IDN-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Api

_DEVICES: Final = "/api/identity/v1/me/devices"
_NOT_FOUND: Final = 404
_UNKNOWN: Final = "other"


@dataclass(frozen=True, slots=True)
class TrustedDevice:
    """A device that is remembered; `browser` and `platform` are None where it does not say."""

    id: str
    browser: str | None
    platform: str | None
    address: str | None
    country: str | None
    used_at: datetime
    expires_at: datetime


def trusted_devices(api: Api) -> list[TrustedDevice]:
    """Mine, the one that was used last first; there are twenty at most."""
    return [_device(item) for item in api.get(_DEVICES).body["items"]]


def forget_device(api: Api, device_id: str, form_key: str | None) -> None:
    """Forget one; one that is forgotten already is left as it is."""
    try:
        api.send("DELETE", f"{_DEVICES}/{device_id}", form_key=form_key)
    except ProblemError as problem:
        if problem.status != _NOT_FOUND:
            raise


def forget_devices(api: Api, form_key: str | None) -> None:
    """Forget all of them."""
    api.send("DELETE", _DEVICES, form_key=form_key)


def _device(item: dict[str, Any]) -> TrustedDevice:
    named = {name: None if item[name] == _UNKNOWN else item[name] for name in ("browser", "platform")}
    return TrustedDevice(
        id=item["id"],
        address=item["address"],
        country=item["country"],
        used_at=datetime.fromisoformat(item["used_at"]),
        expires_at=datetime.fromisoformat(item["expires_at"]),
        **named,
    )
