"""Trusted devices, and how somebody is used to sign in, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, delete, insert, select, update

from chassis.db.engine import upsert
from chassis.db.within import StatementWithin
from services.identity.adapters.device_tables import device as devices
from services.identity.adapters.device_tables import habit as habits
from services.identity.domain.devices import Browser, Device
from services.identity.domain.risk import Trait

_HABITS: Final = StatementWithin(select(habits.c.trait, habits.c.value).where(habits.c.user_id == bindparam("user_id")))


class SqlDevices:
    """`Devices`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def presented(self, digest: str) -> Device | None:
        return self._find(devices.c.digest == digest)

    def get(self, user_id: str, device_id: str) -> Device | None:
        return self._find(devices.c.id == device_id, devices.c.user_id == user_id)

    def of(self, user_id: str) -> Sequence[Device]:
        statement = select(devices).where(devices.c.user_id == user_id)
        rows = self._connection.execute(statement.order_by(devices.c.used_at.desc(), devices.c.id)).mappings()
        return [device_from(row) for row in rows]

    def add(self, device: Device) -> None:
        self._connection.execute(
            insert(devices).values(
                id=device.id,
                user_id=device.user_id,
                browser=device.browser.name,
                platform=device.browser.platform,
                **_changing(device),
            )
        )

    def save(self, device: Device) -> None:
        self._connection.execute(update(devices).where(devices.c.id == device.id).values(_changing(device)))

    def remove(self, user_id: str, device_id: str) -> None:
        self._connection.execute(delete(devices).where(devices.c.id == device_id, devices.c.user_id == user_id))

    def purge(self, expired_before: datetime) -> int:
        return self._connection.execute(delete(devices).where(devices.c.expires_at < expired_before)).rowcount

    def _find(self, *conditions: ColumnElement[bool]) -> Device | None:
        row = self._connection.execute(select(devices).where(*conditions)).mappings().one_or_none()
        return None if row is None else device_from(row)


class SqlHabits:
    """`Habits`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, user_id: str) -> Mapping[Trait, frozenset[str]]:
        rows = _HABITS(self._connection, {"user_id": user_id})
        return {trait: frozenset(row.value for row in rows if row.trait == trait) for trait in Trait}

    def note(self, user_id: str, trait: Trait, value: str, now: datetime) -> bool:
        known = (habits.c.user_id == user_id, habits.c.trait == trait, habits.c.value == value)
        if self._connection.execute(update(habits).where(*known).values(met_at=now)).rowcount:
            return False
        statement = upsert(self._connection, habits).values(user_id=user_id, trait=trait, value=value, met_at=now)
        added = statement.on_conflict_do_nothing().returning(habits.c.value)
        return self._connection.execute(added).one_or_none() is not None

    def purge(self, met_before: datetime) -> int:
        return self._connection.execute(delete(habits).where(habits.c.met_at < met_before)).rowcount


def _changing(device: Device) -> dict[str, Any]:
    return {
        "digest": device.digest,
        "trusted_at": device.trusted_at,
        "confirmed_at": device.confirmed_at,
        "used_at": device.used_at,
        "expires_at": device.expires_at,
        "address": device.address,
        "country": device.country,
    }


def device_from(row: Mapping[str, Any] | RowMapping) -> Device:
    """From its columns, by name."""
    return Device(
        id=row["id"],
        user_id=row["user_id"],
        digest=row["digest"],
        browser=Browser(row["browser"], row["platform"]),
        trusted_at=row["trusted_at"],
        confirmed_at=row["confirmed_at"],
        used_at=row["used_at"],
        expires_at=row["expires_at"],
        address=row["address"],
        country=row["country"],
    )
