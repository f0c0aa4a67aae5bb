"""A signed-in user asks for access to a further TIN (REG-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.errors import UnavailableError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.items import RequestItem, request_item
from services.entitlements.application.opening import open_requests
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.errors import (
    AccessAlreadyHeldError,
    LineNotOfferedError,
    RequestAlreadyOpenError,
    TooManyRequestsOpenError,
)
from services.entitlements.domain.places import Place
from services.entitlements.domain.practices import Practice
from services.entitlements.domain.requests import Request, RequestState


@dataclass(frozen=True, slots=True)
class AskForAccess(Command):
    """`user_id` asks for access to `place`; `request_id` names the request to be."""

    request_id: str
    user_id: str
    place: Place


def ask_for_access(command: AskForAccess, work: UnitOfWork[Store], ports: Ports) -> RequestItem:
    """A TIN that the directory does not know may be asked for in any line (REG-2).

    Raises `LineNotOfferedError`, `AccessAlreadyHeldError` (suspended access counts), `RequestAlreadyOpenError`,
    `TooManyRequestsOpenError`, and `UnavailableError` as long as the account has not been heard of.
    """
    now, store = ports.clock.now(), work.writing()
    person = store.people.lock(command.user_id)
    if person is None or not person.is_confirmed:
        raise UnavailableError("Your account is not known here yet: try again in a moment.", retry_after=1)
    store.lines.lock({command.place.tin})
    practice = store.practices.of([command.place.tin]).get(command.place.tin)
    _check_line(command.place, practice)
    standing = store.accesses.standing_of([command.user_id])
    if any(access.place == command.place and not access.has_lapsed(now) for access in standing):
        raise AccessAlreadyHeldError("You have access to this TIN and line already.")
    _check_open(command.place, store.requests.open_of(command.user_id), ports.limits.open_requests_per_user)
    request = Request(command.request_id, command.user_id, command.place, RequestState.UNCONFIRMED, now)
    store.requests.add(request)
    (opened,) = open_requests([request], person, work, now)
    return request_item(opened, person, practice, for_owner=True)


def _check_line(place: Place, practice: Practice | None) -> None:
    if practice is not None and place.line not in practice.lines:
        raise LineNotOfferedError("This practice does not have that line of business.")


def _check_open(place: Place, waiting: Sequence[Request], most: int) -> None:
    if any(request.place == place for request in waiting):
        raise RequestAlreadyOpenError("You wait for access to this TIN and line already.")
    if len(waiting) >= most:
        raise TooManyRequestsOpenError(f"At most {most} requests can wait at once: withdraw one first.")
