"""Change many users' access as one: all of it or nothing, and to be undone as one for a day (ENT-6, ENT-7, GO-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.carrying_out import Affair, carry_out
from services.entitlements.application.change_access import Outcome
from services.entitlements.application.edit_wishes import WishedEdit, read_edit
from services.entitlements.application.examining import Examined
from services.entitlements.application.examining_many import (
    ExaminedMany,
    ManyWished,
    UserOutcome,
    examine_many,
    lock_users,
)
from services.entitlements.application.items import version_of
from services.entitlements.application.manager_news import ManagerMove, tell_of_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.access import Access
from services.entitlements.domain.bulk_changes import BulkChange, BulkEffect
from services.entitlements.domain.changes import Wish
from services.entitlements.domain.edits import Edit
from services.entitlements.domain.errors import refusal
from services.entitlements.domain.places import Place


@dataclass(frozen=True, slots=True)
class ChangeInBulk(Command):
    """`giver` wishes each of these users to gain what `add` names and to lose what `remove` names.

    `versions` and `dry_run` are as in `ChangeAccess`, the version being that of all users together.
    """

    giver: str
    user_ids: tuple[str, ...]
    add: tuple[WishedEdit, ...]
    remove: tuple[WishedEdit, ...]
    dry_run: bool = False
    versions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """Each user's outcome; `version` is that of all that the giver sees of them.

    `change` is what can be undone, None for a preview and where nothing was different.
    """

    users: tuple[UserOutcome, ...]
    version: str
    change: BulkChange | None = None


def change_in_bulk(command: ChangeInBulk, work: UnitOfWork[Store], ports: Ports) -> BulkOutcome:
    """Raises `InvalidError` naming users whom the giver may not see, `ChangedMeanwhileError`, and, naming each cell,
    what rules forbid (403 or 409): judged as a whole, so that two who are both removed count as both gone (ENT-3).
    """
    now = ports.clock.now()
    edit = read_edit(command.user_ids, command.add, command.remove, ports.catalogue, now)
    if command.dry_run:
        with work.reading() as store:
            examined = _examined(command, edit, store, ports)
            examined.check_version(command.versions)
            return BulkOutcome(examined.previewed(now), examined.version)
    store = lock_users(command.user_ids, sorted({place.tin for place in edit.places}), work)
    examined = _examined(command, edit, store, ports)
    examined.check_version(command.versions)
    return settle_many(examined, command.giver, work, now)


def settle_many(examined: ExaminedMany, giver: str, work: UnitOfWork[Store], now: datetime) -> BulkOutcome:
    """Refuse what rules forbid; else make all of it so."""
    make_so(examined, giver, work, now)
    return _settled(examined, giver, work.writing(), now)


def make_so(examined: ExaminedMany, giver: str, work: UnitOfWork[Store], now: datetime) -> None:
    """Refuse what rules forbid; else carry all of it out, and tell of managers who came and went."""
    if examined.violations:
        raise refusal(examined.violations, of_many=True)
    moves: list[ManagerMove] = []
    for each in examined.users:
        affair = Affair(each.sight.person, giver, now, each.practices)
        moves += carry_out(affair, each.judgement.effects, each.sight.standing, each.requests, work)
    tell_of_managers(work, moves, giver, now)


def _settled(examined: ExaminedMany, giver: str, store: Store, now: datetime) -> BulkOutcome:
    standing = store.accesses.standing_of([each.sight.person.user_id for each in examined.users])
    after: dict[str, list[Access]] = {each.sight.person.user_id: [] for each in examined.users}
    for access in standing:
        after[access.user_id].append(access)
    effects = [effect for each in examined.users for effect in _effects(each, after[each.sight.person.user_id], now)]
    change = BulkChange(str(new_id()), giver, now, tuple(effects)) if effects else None
    if change:
        store.bulk_changes.add(change)
    users = tuple(_outcome(each, after[each.sight.person.user_id], now) for each in examined.users)
    seen = (
        access
        for each in examined.users
        for access in after[each.sight.person.user_id]
        if each.sight.sees(access.place)
    )
    return BulkOutcome(users, version_of(seen, now), change)


def _outcome(examined: Examined, after: Sequence[Access], now: datetime) -> UserOutcome:
    sight = examined.sight
    outcome = Outcome(
        before=examined.items(sight.standing, now),
        after=examined.items(after, now),
        violations=(),
        version=version_of((access for access in after if sight.sees(access.place)), now),
    )
    return UserOutcome(sight.person.user_id, sight.person.profile.name, outcome)


def _effects(examined: Examined, after: Sequence[Access], now: datetime) -> list[BulkEffect]:
    """Which interval followed which; one that had lapsed already is not what the change took away."""
    before = {each.place: each.access_id for each in examined.sight.standing if not each.has_lapsed(now)}
    following = {each.place: each.access_id for each in after}
    changed = [effect.place for effect in examined.judgement.effects if effect.before != effect.after]
    user_id = examined.sight.person.user_id
    return [BulkEffect(user_id, place, before.get(place), following.get(place)) for place in changed]


def _examined(command: ChangeInBulk, edit: Edit, store: Store, ports: Ports) -> ExaminedMany:
    tins = frozenset(place.tin for place in edit.places)

    def wishing(_: str, standing: Mapping[Place, Access]) -> Sequence[Wish]:
        return edit.wishes({place: access.grant for place, access in standing.items()})

    return examine_many(ManyWished(command.giver, command.user_ids, tins, wishing), store, ports)
