"""Change one user's access at one or many places, as a whole or not at all (ENT-4, ENT-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import Fault, InvalidError, NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.carrying_out import Affair, carry_out
from services.entitlements.application.examining import Examined, check_version, examine
from services.entitlements.application.items import AccessItem, version_of
from services.entitlements.application.manager_news import tell_of_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import find_request, look_to_change
from services.entitlements.application.wishes import WishedAccess, read_wishes
from services.entitlements.domain.access import Access, held_back
from services.entitlements.domain.changes import Wish
from services.entitlements.domain.errors import RequestAlreadyDecidedError, refusal
from services.entitlements.domain.judgement import Violation


@dataclass(frozen=True, slots=True)
class ChangeAccess(Command):
    """`giver` wishes the access of `user_id` to be so at these places; elsewhere it stays.

    `request_id` names the request that this decides. `versions` are those that the giver may have read, None for
    whichever stands. A `dry_run` writes nothing, and tells what rules forbid in place of refusing.
    """

    giver: str
    user_id: str
    changes: tuple[WishedAccess, ...]
    request_id: str | None = None
    dry_run: bool = False
    versions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The access at the TINs concerned before and after, as far as the giver sees it; `version` is that of all
    they see of the user.
    """

    before: tuple[AccessItem, ...]
    after: tuple[AccessItem, ...]
    violations: tuple[Violation, ...]
    version: str


def change_access(command: ChangeAccess, work: UnitOfWork[Store], ports: Ports) -> Outcome:
    """Raises `NotFoundError` for a user whom the giver may not see, `RequestAlreadyDecidedError`,
    `ChangedMeanwhileError`, and, naming each cell, what rules forbid (403 or 409).
    """
    now = ports.clock.now()
    wishes = read_wishes(command.changes, ports.catalogue, now)
    if command.dry_run:
        with work.reading() as store:
            return preview(_examined(command, wishes, store, ports, now), now)
    store = lock_user(command.user_id, work)
    store.lines.lock({wish.place.tin for wish in wishes})
    return settle(_examined(command, wishes, store, ports, now), work, now)


def lock_user(user_id: str, work: UnitOfWork[Store]) -> Store:
    """Begin to write, with the user locked; the lines of their TINs are to be locked next."""
    store = work.writing()
    if store.people.lock(user_id) is None:
        raise NotFoundError
    return store


def preview(examined: Examined, now: datetime) -> Outcome:
    """What would be, with what rules forbid; the version is that of what is."""
    sight = examined.sight
    would_be = {access.place: access for access in sight.standing}
    for effect in examined.judgement.effects:
        current = would_be.pop(effect.place, None)
        suspended = held_back(current.suspended if current else frozenset(), disabled=sight.person.disabled)
        if effect.after is not None:
            would_be[effect.place] = Access(
                "", effect.subject, effect.place, effect.after, sight.giver.user_id, now, suspended=suspended
            )
    return Outcome(
        before=examined.items(sight.standing, now),
        after=examined.items(would_be.values(), now),
        violations=examined.judgement.violations,
        version=version_of(sight.visible, now),
    )


def settle(examined: Examined, work: UnitOfWork[Store], now: datetime) -> Outcome:
    """Refuse what rules forbid; else make it so."""
    judgement, sight = examined.judgement, examined.sight
    if judgement.violations:
        raise refusal(judgement.violations)
    affair = Affair(sight.person, sight.giver.user_id, now, examined.practices)
    moves = carry_out(affair, judgement.effects, sight.standing, examined.requests, work)
    tell_of_managers(work, moves, affair.by, now)
    after = work.writing().accesses.standing_of([sight.person.user_id])
    return Outcome(
        before=examined.items(sight.standing, now),
        after=examined.items(after, now),
        violations=(),
        version=version_of((access for access in after if sight.sees(access.place)), now),
    )


def _examined(command: ChangeAccess, wishes: tuple[Wish, ...], store: Store, ports: Ports, now: datetime) -> Examined:
    if command.request_id is not None:
        _check_request(command, wishes, store, now)
    sight = look_to_change(command.user_id, command.giver, store, now)
    check_version(sight, command.versions, now)
    return examine(sight, wishes, store, ports, now)


def _check_request(command: ChangeAccess, wishes: tuple[Wish, ...], store: Store, now: datetime) -> None:
    """Whoever may see the request learns first whether it is still open: that is told before anything else."""
    found = find_request(command.request_id or "", command.giver, store, now)
    request = store.requests.lock(found.request_id)
    if request is None or request.user_id != command.user_id:
        raise NotFoundError
    if not request.is_open:
        raise RequestAlreadyDecidedError
    if not any(wish.place == request.place and wish.level is not None for wish in wishes):
        detail = "The changes give nothing at this request's TIN and line: decline it, if that is meant."
        raise InvalidError([Fault("/request_id", "request_not_in_changes", detail)])
