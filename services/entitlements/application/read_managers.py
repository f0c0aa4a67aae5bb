"""Who can give access at a TIN: names only, for those who have to do with it (ENT-9, REG-10), more for support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.access import Access, AccessState
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Line


@dataclass(frozen=True, slots=True)
class ReadManagers(Command):
    """`viewer` asks who manages the TIN; support agents may ask of any."""

    viewer: str
    tin: str
    is_support: bool


@dataclass(frozen=True, slots=True)
class ManagerItem:
    """An access manager of one line; all but name and line are told to support alone."""

    name: str
    line: Line
    user_id: str | None = None
    email: str | None = None
    phone: str | None = None
    extension: str | None = None
    since: datetime | None = None
    state: AccessState | None = None


def read_managers(command: ReadManagers, work: UnitOfWork[Store], ports: Ports) -> Sequence[ManagerItem]:
    """Those who can decide now, to support suspended ones as well; sorted by line and name.

    Raises `NotFoundError` to whoever has no access and no request at the TIN.
    """
    now = ports.clock.now()
    with work.reading() as store:
        if not command.is_support and not _has_to_do_with(command.viewer, command.tin, store, now):
            raise NotFoundError
        standing = [access for access in store.accesses.managers_at([command.tin]) if not access.has_lapsed(now)]
        shown = [access for access in standing if command.is_support or access.is_held(now)]
        people = store.people.of({access.user_id for access in shown})
    items = [_item(access, people[access.user_id], command, now) for access in shown if access.user_id in people]
    return sorted(items, key=lambda item: (item.line, item.name))


def _item(access: Access, person: Person, command: ReadManagers, now: datetime) -> ManagerItem:
    profile, line = person.profile, access.place.line
    if not command.is_support:
        return ManagerItem(profile.name, line)
    return ManagerItem(
        name=profile.name,
        line=line,
        user_id=access.user_id,
        email=profile.email,
        phone=profile.phone,
        extension=profile.extension,
        since=access.since,
        state=access.state(now),
    )


def _has_to_do_with(viewer: str, tin: str, store: Store, now: datetime) -> bool:
    standing = store.accesses.standing_of([viewer])
    if any(access.place.tin == tin and not access.has_lapsed(now) for access in standing):
        return True
    return any(request.place.tin == tin and request.is_waiting for request in store.requests.open_of(viewer))
