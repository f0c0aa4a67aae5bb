"""The requests that the caller may decide, or their own (REG-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.items import RequestItem, request_item
from services.entitlements.application.listings import Position, RequestRow, RequestSearch, Slice
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.searching import narrowed, read_typed
from services.entitlements.application.seeing import find_request, standing_giver
from services.entitlements.domain.practices import Practice
from services.entitlements.domain.requests import WAITING, RequestState

PUBLIC: Final = frozenset(RequestState) - {RequestState.UNCONFIRMED}


@dataclass(frozen=True, slots=True)
class ListRequests(Command):
    """`viewer` looks for requests at the places that they administer, or, where `mine`, for their own.

    Without a `state` it is what waits, and of one's own requests all.
    """

    viewer: str
    state: RequestState | None = None
    tin: str | None = None
    query: str = ""
    mine: bool = False
    part: Slice = field(default_factory=Slice)


@dataclass(frozen=True, slots=True)
class ReadRequest(Command):
    """`viewer` looks at one request."""

    viewer: str
    request_id: str


def list_requests(
    command: ListRequests, work: UnitOfWork[Store], ports: Ports
) -> tuple[Sequence[RequestItem], Position | None]:
    """A page, those that wait longest first, and where it ended."""
    with work.reading() as store:
        search = _search(command, store, ports.clock.now())
        rows, following = store.listings.requests(search, command.part)
        practices = store.practices.of({row.request.place.tin for row in rows})
    return [_item(row, practices, for_owner=command.mine) for row in rows], following


def read_request(command: ReadRequest, work: UnitOfWork[Store], ports: Ports) -> RequestItem:
    """Raises `NotFoundError` for anybody but its owner and those who administer its place."""
    with work.reading() as store:
        request = find_request(command.request_id, command.viewer, store, ports.clock.now())
        person = store.people.of([request.user_id]).get(request.user_id)
        practice = store.practices.of([request.place.tin]).get(request.place.tin)
    return request_item(request, person, practice, for_owner=request.user_id == command.viewer)


def _search(command: ListRequests, store: Store, now: datetime) -> RequestSearch:
    typed = read_typed(command.query)
    if command.mine:
        states = PUBLIC if command.state is None else frozenset({command.state}) & PUBLIC
        return RequestSearch(states, user_id=command.viewer, tin=command.tin or typed.tin, words=typed.words)
    states = WAITING if command.state is None else frozenset({command.state}) & PUBLIC
    administered = standing_giver(command.viewer, store, now).administered
    return RequestSearch(states, narrowed(administered, command.tin, typed.tin), words=typed.words)


def _item(row: RequestRow, practices: Mapping[str, Practice], *, for_owner: bool) -> RequestItem:
    return request_item(row.request, row.person, practices.get(row.request.place.tin), for_owner=for_owner)
