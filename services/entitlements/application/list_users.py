"""The users around the caller's places (ENT-6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.items import AccessItem, RequestItem, access_items, request_item
from services.entitlements.application.listings import Position, Slice, Sort, UserRow, UserSearch, View
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.searching import narrowed, read_typed, shown_by_lines
from services.entitlements.application.seeing import standing_giver
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Line
from services.entitlements.domain.practices import Practice


@dataclass(frozen=True, slots=True)
class ListUsers(Command):
    """`viewer` looks for users at the places that they administer, at `tin` alone where it is named.

    Where `lines` are named, only at TINs that have one of them (ENT-15).
    """

    viewer: str
    view: View = View.ALL
    tin: str | None = None
    lines: frozenset[Line] = frozenset()
    query: str = ""
    sort: Sort = Sort.NAME
    part: Slice = field(default_factory=Slice)


@dataclass(frozen=True, slots=True)
class ReadUser(Command):
    """`viewer` looks at one of the users whom `ListUsers` gives them."""

    viewer: str
    user_id: str
    lines: frozenset[Line] = frozenset()


@dataclass(frozen=True, slots=True)
class UserItem:
    """A user with what they have, and wait for, at the caller's places."""

    person: Person
    access: tuple[AccessItem, ...]
    requests: tuple[RequestItem, ...]
    since: datetime | None


def list_users(command: ListUsers, work: UnitOfWork[Store], ports: Ports) -> tuple[Sequence[UserItem], Position | None]:
    """A page, and where it ended; nobody for a caller who administers nothing there."""
    now, typed = ports.clock.now(), read_typed(command.query)
    with work.reading() as store:
        administered = standing_giver(command.viewer, store, now).administered
        practices = store.practices.of({place.tin for place in administered})
        places = shown_by_lines(narrowed(administered, command.tin, typed.tin), command.lines, practices)
        search = UserSearch(places, command.view, now, typed.words, command.sort)
        rows, following = store.listings.users(search, command.part)
    return [_item(row, practices, now) for row in rows], following


def read_user(command: ReadUser, work: UnitOfWork[Store], ports: Ports) -> UserItem:
    """Raises `NotFoundError` for a user who is in none of the viewer's lists."""
    now = ports.clock.now()
    with work.reading() as store:
        administered = standing_giver(command.viewer, store, now).administered
        practices = store.practices.of({place.tin for place in administered})
        places = shown_by_lines(administered, command.lines, practices)
        rows, _ = store.listings.users(UserSearch(places, View.ALL, now, user_id=command.user_id), Slice(1))
    if not rows:
        raise NotFoundError
    return _item(rows[0], practices, now)


def _item(row: UserRow, practices: Mapping[str, Practice], now: datetime) -> UserItem:
    requests = tuple(request_item(each, row.person, practices.get(each.place.tin)) for each in row.requests)
    access = access_items(row.accesses, practices, now)
    moments = [*(item.since for item in access), *(item.since for item in requests if item.since)]
    return UserItem(row.person, access, requests, min(moments, default=None))
