"""Make so what two support agents agreed upon in an outreach case (REG-13): a manager more, or a wrong one less."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotYetKnownError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.carrying_out import Affair, carry_out
from services.entitlements.application.examining import Examined, examine, without_line
from services.entitlements.application.manager_news import tell_of_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import Sight
from services.entitlements.domain.access import Access
from services.entitlements.domain.changes import Wish
from services.entitlements.domain.errors import LineNotOfferedError
from services.entitlements.domain.events import ManagerChangeRefused
from services.entitlements.domain.givers import Giver
from services.entitlements.domain.levels import LEVEL_BOUND, Level
from services.entitlements.domain.places import Line, Place

ACCOUNT_NOT_ACTIVE = "account_not_active"
ALREADY_MANAGER = "already_manager"
NOT_A_MANAGER = "not_a_manager"


@dataclass(frozen=True, slots=True)
class ChangeManagers(Command):
    """`proposed_by` and `confirmed_by` are the two agents; `appoints`, or removes, `user_id` at these lines."""

    proposal_id: str
    appoints: bool
    tin: str
    lines: tuple[Line, ...]
    user_id: str
    proposed_by: str
    confirmed_by: str


def change_managers(command: ChangeManagers, work: UnitOfWork[Store], ports: Ports) -> None:
    """All of it or nothing: what a rule forbids is told as refused, naming the rule; so is a line that is not offered.

    Whoever is appointed keeps the functions that they have there, without an end. Raises `NotYetKnownError` for
    somebody of whom identity has not told yet.
    """
    now, store = ports.clock.now(), work.writing()
    person = store.people.lock(command.user_id)
    if person is None:
        raise NotYetKnownError(f"not heard of yet: {command.user_id}")
    store.lines.lock({command.tin})
    standing = tuple(store.accesses.standing_of([command.user_id]))
    current = {access.place: access for access in standing if not access.has_lapsed(now)}
    places = [Place(command.tin, line) for line in command.lines]
    code = _needless(command, current.get, places, is_active=person.is_confirmed and not person.disabled)
    if code is None and command.appoints and without_line(places, store.practices.of([command.tin])):
        code = LineNotOfferedError.code
    if code is None:
        giver = Giver(command.proposed_by, {}, frozenset(places))
        sight = Sight(giver, person, standing, tuple(store.requests.open_of(command.user_id)), None)
        wishes = [_wish(command, place, current.get(place)) for place in places]
        examined = examine(sight, wishes, store, ports, now)
        code = _forbidden(command, examined)
        if code is None:
            _carry_out(command, examined, work, now)
            return
    work.record(ManagerChangeRefused(command.tin, command.proposal_id, command.user_id, code, now))


def _needless(
    command: ChangeManagers, current: Callable[[Place], Access | None], places: Iterable[Place], *, is_active: bool
) -> str | None:
    manages = [access is not None and access.manages for access in map(current, places)]
    if command.appoints:
        if not is_active:
            return ACCOUNT_NOT_ACTIVE
        return ALREADY_MANAGER if all(manages) else None
    return None if any(manages) else NOT_A_MANAGER


def _wish(command: ChangeManagers, place: Place, current: Access | None) -> Wish:
    if command.appoints:
        held = current.grant.functions - LEVEL_BOUND if current else frozenset()
        return Wish(place, Level.PRIMARY, held, None)
    if current is not None and not current.manages:
        return Wish(place, current.grant.level, current.grant.functions)
    return Wish(place, None, frozenset())


def _forbidden(command: ChangeManagers, examined: Examined) -> str | None:
    """The first rule that forbids it; the second agent is as little the person meant as the first."""
    if command.confirmed_by in {command.user_id, command.proposed_by}:
        return "own_appointment"
    return next((violation.code.value for violation in examined.judgement.violations), None)


def _carry_out(command: ChangeManagers, examined: Examined, work: UnitOfWork[Store], now: datetime) -> None:
    sight, by = examined.sight, f"support:{command.proposed_by}"
    affair = Affair(sight.person, by, now, examined.practices)
    moves = carry_out(affair, examined.judgement.effects, sight.standing, examined.requests, work)
    tell_of_managers(work, moves, by, now)
