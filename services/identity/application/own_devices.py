"""See one's trusted devices, and trust one or all of them no more (IDN-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.device_desk import end_device, end_devices
from services.identity.application.ports import Ports, Store
from services.identity.domain.devices import Device, RevokeReason


@dataclass(frozen=True, slots=True)
class RevokeDevice(Command):
    """A device that its owner found in the list of theirs."""

    user_id: str
    device: str


@dataclass(frozen=True, slots=True)
class RevokeDevices(Command):
    """Every device of the caller."""

    user_id: str


def devices_of(user_id: str, work: UnitOfWork[Store], ports: Ports) -> Sequence[Device]:
    """The account's that are still trusted, the one that was used last first."""
    now = ports.clock.now()
    with work.reading() as store:
        return [each for each in store.devices.of(user_id) if now < each.expires_at]


def revoke_device(command: RevokeDevice, work: UnitOfWork[Store], ports: Ports) -> None:
    """Trust it no more; raises `NotFoundError` for one that is not theirs, or not trusted."""
    store = work.writing()
    store.accounts.for_update(command.user_id)
    device = store.devices.get(command.user_id, command.device)
    if device is None or device.expires_at <= ports.clock.now():
        raise NotFoundError
    end_device(device, RevokeReason.REVOKED, work)


def revoke_devices(command: RevokeDevices, work: UnitOfWork[Store]) -> None:
    """Trust none of them any more."""
    work.writing().accounts.for_update(command.user_id)
    end_devices(command.user_id, RevokeReason.REVOKED, work)
