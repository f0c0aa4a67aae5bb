"""Carries judged changes out: intervals close and open, requests end, and the facts are recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.manager_news import ManagerMove, active_managers
from services.entitlements.application.ports import Store
from services.entitlements.application.suspending import give_suspended, lift
from services.entitlements.domain.access import ACCOUNT_DISABLED, BY_TIME, Access, held_back
from services.entitlements.domain.events import AccessTurned, RequestApproved, Turn
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.judgement import Effect
from services.entitlements.domain.people import Person
from services.entitlements.domain.places import Place
from services.entitlements.domain.practices import Practice
from services.entitlements.domain.requests import Request


@dataclass(frozen=True, slots=True)
class Affair:
    """One user's access under change: by whom, when, and what others are told of it.

    `temporary_id` is that of the invitation that it comes by, None where it comes otherwise.
    """

    person: Person
    by: str
    at: datetime
    practices: Mapping[str, Practice]
    temporary_id: str | None = None

    def practice_name(self, place: Place) -> str | None:
        """The practice's name, None for a TIN that the directory does not have."""
        practice = self.practices.get(place.tin)
        return practice.name if practice else None


def carry_out(
    affair: Affair,
    effects: Iterable[Effect],
    standing: Iterable[Access],
    requests: Mapping[Place, Request],
    work: UnitOfWork[Store],
) -> list[ManagerMove]:
    """Make these effects so; returns who came or went as a manager, for `tell_of_managers` once all is done.

    `standing` is what nobody has closed yet of the user's access, `requests` are the user's open ones by place. The
    lines of all TINs concerned are locked.
    """
    open_now = {access.place: access for access in standing}
    moves: list[ManagerMove] = []
    for effect in effects:
        request = requests.get(effect.place) if effect.approves else None
        moves += _make_so(affair, effect, open_now.get(effect.place), request, work)
        if request is not None and effect.after is not None:
            _approve(affair, request, effect.after, work)
    return moves


def _make_so(
    affair: Affair, effect: Effect, current: Access | None, request: Request | None, work: UnitOfWork[Store]
) -> list[ManagerMove]:
    moves: list[ManagerMove] = []
    if current is not None and current.has_lapsed(affair.at):
        moves += end_by_time(affair, current, work)
        current = None
    if effect.before != effect.after:
        moves += _replace(affair, current, _following(affair, effect, current, request), work)
    return moves


def end_by_time(affair: Affair, lapsed: Access, work: UnitOfWork[Store]) -> list[ManagerMove]:
    """Close access whose own end has come, as of that end; but never as of a moment still to come (ENT-11)."""
    at, store = min(lapsed.grant.until or affair.at, affair.at), work.writing()
    store.accesses.end(lapsed.access_id, at, BY_TIME)
    lift(lapsed, store, affair.at)
    managers = active_managers([lapsed.place], store, affair.at)[lapsed.place]
    ended = _turned(replace(affair, by=BY_TIME, at=at), Turn.ENDED, lapsed, None)
    work.record(replace(ended, managers=tuple(sorted(managers))))
    return _moves(affair, lapsed, None)


def _following(affair: Affair, effect: Effect, current: Access | None, request: Request | None) -> Access | None:
    if effect.after is None:
        return None
    return Access(
        access_id=str(new_id()),
        user_id=affair.person.user_id,
        place=effect.place,
        grant=effect.after,
        given_by=affair.by,
        since=affair.at,
        request_id=request.request_id if request else None,
        suspended=held_back(current.suspended if current else frozenset(), disabled=affair.person.disabled),
        withheld=current.withheld if current else frozenset(),
    )


def _replace(
    affair: Affair, current: Access | None, following: Access | None, work: UnitOfWork[Store]
) -> list[ManagerMove]:
    store = work.writing()
    if current is not None:
        store.accesses.end(current.access_id, affair.at, affair.by)
    if following is not None:
        store.accesses.add(following)
        work.record(_turned(affair, Turn.CHANGED if current else Turn.GIVEN, current, following))
        if ACCOUNT_DISABLED in following.suspended - (current.suspended if current else frozenset()):
            earlier = following.suspended - {ACCOUNT_DISABLED}
            give_suspended(replace(following, suspended=earlier), work, affair.at)
    elif current is not None:
        lift(current, store, affair.at)
        work.record(_turned(affair, Turn.REMOVED, current, None))
    return _moves(affair, current, following)


def _approve(affair: Affair, request: Request, grant: Grant, work: UnitOfWork[Store]) -> None:
    approved = request.approved(affair.by, affair.at)
    work.writing().requests.save(approved)
    work.record(RequestApproved(approved, affair.practice_name(request.place), grant, affair.person.profile))


def _turned(affair: Affair, turn: Turn, current: Access | None, following: Access | None) -> AccessTurned:
    last = following or current
    if last is None:
        raise ValueError("access that neither is nor was has no turn to take")
    return AccessTurned(
        turn=turn,
        access_id=last.access_id,
        user_id=last.user_id,
        place=last.place,
        practice=affair.practice_name(last.place),
        by=affair.by,
        at=affair.at,
        request_id=following.request_id if following else None,
        before=current.grant if current else None,
        after=following.grant if following else None,
        profile=affair.person.profile,
        temporary_id=affair.temporary_id,
    )


def _moves(affair: Affair, current: Access | None, following: Access | None) -> list[ManagerMove]:
    came = following is not None and following.manages
    went = current is not None and current.manages
    last = following or current
    if came == went or last is None or (came and affair.person.disabled):  # they come with their account
        return []
    return [ManagerMove(last.place, affair.person, came=came, counts=not last.suspended)]
