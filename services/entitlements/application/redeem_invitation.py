"""Give an account what an invitation prepared, or open requests for it (REG-14).

The rule engine judges as if the inviter gave it at this moment (GO-2). What they can give no more, and all of it where
the account's e-mail address is another than the invitation's, managers decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotYetKnownError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.carrying_out import Affair, carry_out
from services.entitlements.application.examining import change_of, managers_at
from services.entitlements.application.manager_news import active_managers, tell_of_managers
from services.entitlements.application.opening import open_requests
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import standing_giver
from services.entitlements.domain.access import Access
from services.entitlements.domain.changes import Change, Wish
from services.entitlements.domain.delegation import judge
from services.entitlements.domain.events import InvitationReduced, ReducedPlace, Reduction
from services.entitlements.domain.joining import joined
from services.entitlements.domain.judgement import Effect
from services.entitlements.domain.people import AccountState, Person
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import Request, RequestState


@dataclass(frozen=True, slots=True)
class RedeemInvitation(Command):
    """`user_id` has redeemed it; `invited_by` vouched for the access, and wrote to `email`."""

    temporary_id: str
    user_id: str
    invited_by: str
    email: str
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is given at once, and the places that managers decide, with the reason for it."""

    effects: tuple[Effect, ...]
    places: tuple[Place, ...]
    reduction: Reduction


def redeem_invitation(command: RedeemInvitation, work: UnitOfWork[Store], ports: Ports) -> None:
    """Raises `NotYetKnownError` until the account is known to be confirmed; for one that is gone there is nothing."""
    store, now = work.writing(), ports.clock.now()
    person = store.people.lock(command.user_id)
    if person is not None and person.state is AccountState.REMOVED:
        return
    if person is None or not person.is_confirmed:
        raise NotYetKnownError(f"not heard of yet, or not confirmed: {command.user_id}")
    store.lines.lock({wish.place.tin for wish in command.wishes})
    standing = store.accesses.standing_of([person.user_id])
    requests = {request.place: request for request in store.requests.open_of(person.user_id)}
    decided = _decide(command, person, (standing, requests), (store, ports), now)
    practices = store.practices.of({wish.place.tin for wish in command.wishes})
    affair = Affair(person, command.invited_by, now, practices, command.temporary_id)
    moves = carry_out(affair, decided.effects, standing, requests, work)
    tell_of_managers(work, moves, affair.by, now)
    _ask(affair, decided, requests, work)


def _decide(
    command: RedeemInvitation,
    person: Person,
    has: tuple[Sequence[Access], Mapping[Place, Request]],
    world: tuple[Store, Ports],
    now: datetime,
) -> _Decided:
    (standing, requests), (store, ports) = has, world
    held = {access.place: access for access in standing if not access.has_lapsed(now)}
    wishes = [wish for wish in command.wishes if not (isinstance(wish.until, datetime) and wish.until <= now)]
    changes, refused = [], list[Place]()
    for wish in wishes:
        current = held.get(wish.place)
        both = joined(wish, current.grant if current else None)
        if both is None or not all(function in ports.catalogue for function in wish.functions):
            refused.append(wish.place)
        else:
            changes.append(change_of(person, both, current, requests))
    if person.profile.email.casefold() != command.email.casefold():
        differing = [change.place for change in changes if change.differs]
        return _Decided((), (*refused, *differing), Reduction.OTHER_ADDRESS)
    effects, violated = _judged(command.invited_by, changes, (store, ports), now)
    return _Decided(effects, (*refused, *violated), Reduction.NOT_YOURS_TO_GIVE)


def _judged(
    giver: str, changes: Sequence[Change], world: tuple[Store, Ports], now: datetime
) -> tuple[tuple[Effect, ...], list[Place]]:
    """What the giver can give of it, place by place, and the places where a rule forbids it."""
    store, ports = world
    managers = managers_at({change.place.tin for change in changes}, store, now)
    most = ports.limits.managers_per_tin
    judgement = judge(standing_giver(giver, store, now), changes, managers, ports.catalogue, most_managers=most)
    violated = {violation.place for violation in judgement.violations}
    effects = tuple(effect for effect in judgement.effects if effect.place not in violated)
    return effects, [change.place for change in changes if change.place in violated]


def _ask(affair: Affair, decided: _Decided, requests: Mapping[Place, Request], work: UnitOfWork[Store]) -> None:
    """Open a request for each place that managers are to decide, unless one is open there, and tell of it."""
    if not decided.places:
        return
    store, person = work.writing(), affair.person
    new = [_request(affair, place) for place in decided.places if place not in requests]
    for request in new:
        store.requests.add(request)
    opened = {each.place: each for each in open_requests(new, person, work, affair.at)}
    managers = active_managers(decided.places, store, affair.at)
    places = tuple(
        ReducedPlace(
            place,
            affair.practice_name(place),
            (opened.get(place) or requests[place]).request_id,
            tuple(sorted(managers[place])),
        )
        for place in decided.places
    )
    told = InvitationReduced(
        affair.temporary_id or "", person.user_id, affair.by, affair.at, decided.reduction, places, person.profile
    )
    work.record(told)


def _request(affair: Affair, place: Place) -> Request:
    return Request(str(new_id()), affair.person.user_id, place, RequestState.UNCONFIRMED, affair.at)
