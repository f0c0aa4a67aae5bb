"""Devices are recognised, trusted and given up here, for every way of signing in (IDN-4)."""

from __future__ import annotations

from dataclasses import replace

from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.challenges import Challenge
from services.identity.domain.devices import MOST, Device, RevokeReason, Whereabouts
from services.identity.domain.events import DeviceRevoked, DeviceSeen, DeviceTrusted
from services.identity.domain.risk import Habits, Risk, Trait, assess, traits_of


def risk_of(account: Account, failures: int, whereabouts: Whereabouts, store: Store, ports: Ports) -> Risk:
    """How unusual a sign-in is whose password was right after so many failures."""
    habits = Habits(store.habits.of(account.user_id), account.last_sign_in_at, failures)
    return assess(whereabouts, habits, ports.clock.now(), ports.rules.risk)


def note_whereabouts(
    account: Account, whereabouts: Whereabouts, site: str, work: UnitOfWork[Store], ports: Ports
) -> None:
    """Remember where a sign-in came from that passed every step; the owner is told of a browser that is new."""
    habits, now = work.writing().habits, ports.clock.now()
    new = {trait for trait, value in traits_of(whereabouts).items() if habits.note(account.user_id, trait, value, now)}
    if Trait.BROWSER in new:
        work.record(DeviceSeen(account.user_id, whereabouts.browser, whereabouts.country, site))


def confirm_device(challenge: Challenge, whereabouts: Whereabouts, work: UnitOfWork[Store], ports: Ports) -> None:
    """A second step was passed on the device that began the challenge, if one did: from now on it counts again."""
    store, now = work.writing(), ports.clock.now()
    device = store.devices.get(challenge.user_id, challenge.device_id) if challenge.device_id else None
    if device is not None:
        store.devices.save(replace(device.used(whereabouts, now), confirmed_at=now))


def trust_device(challenge: Challenge, whereabouts: Whereabouts, work: UnitOfWork[Store], ports: Ports) -> str:
    """Trust the device on which the challenge was passed, under a token that is shown once; the account is locked."""
    store, now, token = work.writing(), ports.clock.now(), ports.randomness.token()
    digest, lifetime = ports.digests.of_token(token), ports.rules.device
    known = store.devices.get(challenge.user_id, challenge.device_id) if challenge.device_id else None
    if known is not None:
        device = known.used(whereabouts, now).trusted_anew(digest, now, lifetime)
        store.devices.save(device)
    else:
        _make_room(challenge.user_id, work)
        device = Device(
            id=str(new_id()),
            user_id=challenge.user_id,
            digest=digest,
            browser=whereabouts.browser,
            trusted_at=now,
            confirmed_at=now,
            used_at=now,
            expires_at=now + lifetime,
            address=whereabouts.address,
            country=whereabouts.country,
        )
        store.devices.add(device)
    work.record(DeviceTrusted(device, challenge.site))
    return token


def end_devices(user_id: str, reason: RevokeReason, work: UnitOfWork[Store]) -> None:
    """Trust none of the account's any more; its row is locked."""
    for device in work.writing().devices.of(user_id):
        end_device(device, reason, work)


def end_device(device: Device, reason: RevokeReason, work: UnitOfWork[Store]) -> None:
    """Trust it no more."""
    work.writing().devices.remove(device.user_id, device.id)
    work.record(DeviceRevoked(device.id, device.user_id, reason))


def _make_room(user_id: str, work: UnitOfWork[Store]) -> None:
    for device in work.writing().devices.of(user_id)[MOST - 1 :]:
        end_device(device, RevokeReason.TOO_MANY, work)
