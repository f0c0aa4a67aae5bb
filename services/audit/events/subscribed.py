"""What audit listens to: everything that the other services publish (AUD-1), and closer to what changes access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.bus.subscriptions import EVERY_TYPE, Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.audit.application.append_entries import AppendEntries, append_entries
from services.audit.application.erase_person import ErasePerson, erase_person
from services.audit.application.ports import Ports, Store
from services.audit.application.record_change import RecordChange, record_change
from services.audit.domain.changes import Change, Grant, Kind, Person, changer, kind_of
from services.audit.events.arrivals import arrival_of
from services.audit.events.invitations import INVITATIONS
from services.audit.events.shapes import (
    AccessSchema,
    AccountRemovedSchema,
    RequestDeclinedSchema,
    RequestEndedSchema,
    RequestOpenedSchema,
    ReviewDecidedSchema,
)

ACCESS_ENDED = "entitlements.access.ended.v1"


def append_all(received: Sequence[Received], work: UnitOfWork[Store], ports: Ports) -> None:
    """Any events at all, under one lock of the log."""
    append_entries(AppendEntries(tuple(map(arrival_of, received))), work, ports)


def append(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Any event at all."""
    append_all([received], work, ports)


def access_set(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Access was given, changed or removed, or has ended: history, and who may read it from now on."""
    data = received.data
    before, after = _grant(data["before"]), _grant(data["after"])
    change = _change(
        data,
        kind_of(before, after, by_time=received.type == ACCESS_ENDED),
        by=data["by"],
        at=data["at"],
        before=before,
        after=after,
    )
    record_change(RecordChange(arrival_of(received), change, sets_access=True), work, ports)


def access_suspended(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Access does not count for a while, wholly or in part (ENT-14)."""
    _turned(Kind.ACCESS_SUSPENDED, received, work, ports)


def access_restored(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """It counts again."""
    _turned(Kind.ACCESS_RESTORED, received, work, ports)


def review_decided(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody looked at an access, and kept it (ENT-13)."""
    data = received.data
    if data["outcome"] != "kept":
        append(received, work, ports)
        return
    grant = _grant(data["grant"])
    change = _change(data, Kind.ACCESS_KEPT, by=data["by"], at=data["at"], before=grant, after=grant)
    record_change(RecordChange(arrival_of(received), change), work, ports)


def account_removed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody is to be forgotten; that their account ended is an entry as any."""
    append(received, work, ports)
    erase_person(ErasePerson(received.data["user_id"]), work, ports)


def request_opened(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody asks for access."""
    data = received.data
    change = _change(data, Kind.ACCESS_REQUESTED, by=data["user_id"], at=data["since"])
    record_change(RecordChange(arrival_of(received), change), work, ports)


def request_declined(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """A manager said no."""
    data = received.data
    change = _change(data, Kind.REQUEST_DECLINED, by=data["decided_by"], at=data["decided_at"], reason=data["reason"])
    record_change(RecordChange(arrival_of(received), change), work, ports)


def request_withdrawn(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Whoever asked does so no more."""
    _request_ended(Kind.REQUEST_WITHDRAWN, received, work, ports)


def request_expired(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Nobody decided in time."""
    _request_ended(Kind.REQUEST_EXPIRED, received, work, ports)


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription(EVERY_TYPE, None, append, together=append_all),
    Subscription("identity.account.removed.v1", AccountRemovedSchema, account_removed),
    Subscription("entitlements.access.given.v1", AccessSchema, access_set),
    Subscription("entitlements.access.changed.v1", AccessSchema, access_set),
    Subscription("entitlements.access.removed.v1", AccessSchema, access_set),
    Subscription(ACCESS_ENDED, AccessSchema, access_set),
    Subscription("entitlements.access.suspended.v1", AccessSchema, access_suspended),
    Subscription("entitlements.access.restored.v1", AccessSchema, access_restored),
    Subscription("entitlements.review.decided.v1", ReviewDecidedSchema, review_decided),
    Subscription("entitlements.request.opened.v1", RequestOpenedSchema, request_opened),
    Subscription("entitlements.request.declined.v1", RequestDeclinedSchema, request_declined),
    Subscription("entitlements.request.withdrawn.v1", RequestEndedSchema, request_withdrawn),
    Subscription("entitlements.request.expired.v1", RequestEndedSchema, request_expired),
    *INVITATIONS,
)


def _turned(kind: Kind, received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = received.data
    before, after = _grant(data["before"]), _grant(data["after"])
    change = _change(data, kind, by=data["by"], at=data["at"], before=before, after=after)
    record_change(RecordChange(arrival_of(received), change, sets_access=True), work, ports)


def _request_ended(kind: Kind, received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = received.data
    change = _change(data, kind, by=received.cause.actor, at=data["at"])
    record_change(RecordChange(arrival_of(received), change), work, ports)


def _change(
    data: Mapping[str, Any],
    kind: Kind,
    *,
    by: str,
    at: datetime,
    before: Grant | None = None,
    after: Grant | None = None,
    reason: str | None = None,
) -> Change:
    """The temporary ID, where the event does not name one, is looked up as the change is recorded."""
    person = data["person"]
    return Change(
        at=at,
        changed_by=changer(by),
        kind=kind,
        user_id=data["user_id"],
        person=Person(*(person.get(name) for name in Person.__slots__)),
        temporary_id=data.get("temporary_id"),
        registered=True,
        tin=data["tin"],
        line=data["line"],
        before=before,
        after=after,
        request_id=data.get("request_id"),
        reason=reason,
    )


def _grant(loaded: Mapping[str, Any] | None) -> Grant | None:
    return None if loaded is None else Grant(loaded["level"], tuple(loaded["functions"]), loaded["until"])
