"""On no path can anyone end up giving more than delegation.md lets them (GO-2): random people on random paths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.kernel.errors import WardenryError
from services.entitlements.application.change_access import ChangeAccess, change_access
from services.entitlements.application.change_in_bulk import ChangeInBulk, change_in_bulk
from services.entitlements.application.decline_request import DeclineRequest, decline_request
from services.entitlements.application.edit_wishes import WishedEdit
from services.entitlements.application.ports import Limits
from services.entitlements.application.redeem_invitation import RedeemInvitation, redeem_invitation
from services.entitlements.application.remove_access import RemoveAccess, remove_access
from services.entitlements.application.undo_bulk_change import UndoBulkChange, undo_bulk_change
from services.entitlements.application.wishes import WishedAccess
from services.entitlements.application.withdraw_request import WithdrawRequest, withdraw_request
from services.entitlements.domain.changes import Keep, Wish
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import LEVEL_BOUND, Level
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.requests import Request, RequestState
from tests.unit.entitlements.delegation_table import Case, forbidden
from tests.unit.entitlements.fakes import World
from tests.unit.entitlements.rulebook import CATALOGUE, HERE, THERE, day

PEOPLE = ["anna", "bert", "cleo", "dora"]
PLACES = [HERE, THERE]
CODES = sorted(CATALOGUE.of_line(Line.BEHAVIORAL) - LEVEL_BOUND)
MOST = 3
Held = dict[tuple[str, Place], Grant]


@given(st.integers(0, 2**64))
@settings(max_examples=500)
def test_what_changed_was_the_actors_to_change__GO_2_ENT_3_ENT_4(seed: int) -> None:
    """A seed, since hypothesis' own choices crowd around simple ones, and simple people may nothing."""
    chance = Random(seed)  # noqa: S311 -- test data
    world = _world(chance)
    for _ in range(12):
        before = _held(world), dict(world.store.requests.rows)
        try:
            actor = _take(world, _step(chance, world))
        except WardenryError:
            assert (_held(world), world.store.requests.rows) == before
            continue
        _check_step(world, actor, *before)


def _world(chance: Random) -> World:
    world = World(limits=Limits(managers_per_tin=MOST))
    for user_id in PEOPLE:
        world.person(user_id)
        for place in PLACES:
            level = chance.choice([None, None, Level.PRIMARY, Level.SECONDARY, Level.PROCESSOR, Level.AUDITOR])
            if level is not None:
                world.give(user_id, level, *_functions(chance), place=place)
        wanted = chance.choice(PLACES)
        if (user_id, wanted) not in _held(world):
            world.ask(user_id, wanted)
    return world


def _step(chance: Random, world: World) -> object:
    actor, user_id = chance.choice(PEOPLE), chance.choice(PEOPLE)
    request_id = f"request of {user_id}"
    wishes = tuple(_wish(chance, place) for place in chance.sample(PLACES, chance.choice([1, 1, 2])))
    some = tuple(chance.sample(PEOPLE, chance.choice([1, 2, 3])))
    changes = list(world.store.bulk_changes.rows.values())
    undone = chance.choice(changes) if changes else None
    return chance.choice(
        [
            ChangeInBulk(actor, some, _edits(chance), _edits(chance)),
            ChangeInBulk(actor, some, _edits(chance), ()),
            UndoBulkChange(undone.by, undone.change_id) if undone else WithdrawRequest(actor, request_id),
            ChangeAccess(actor, user_id, wishes),
            ChangeAccess(actor, user_id, wishes),
            ChangeAccess(actor, user_id, wishes, request_id),
            RemoveAccess(actor, user_id, chance.choice([None, HERE.tin])),
            DeclineRequest(actor, request_id, "No."),
            WithdrawRequest(actor, request_id),
            RedeemInvitation("TempId22", user_id, actor, f"{user_id}@example.com", _prepared(wishes)),
        ]
    )


def _wish(chance: Random, place: Place) -> WishedAccess:
    level = chance.choice([None, *Level])
    until = chance.choice([Keep.UNTIL, Keep.UNTIL, None, day(5), day(9)])
    return WishedAccess(place, level, _functions(chance) if level else (), until)


def _edits(chance: Random) -> tuple[WishedEdit, ...]:
    places = chance.sample(PLACES, chance.choice([1, 2]))
    return tuple(WishedEdit(place, chance.choice([None, *Level]), _functions(chance)) for place in places)


def _functions(chance: Random) -> tuple[str, ...]:
    return tuple(chance.sample(CODES, chance.choice([0, 1, 2, len(CODES)])))


def _prepared(wishes: tuple[WishedAccess, ...]) -> tuple[Wish, ...]:
    """What a manager prepares: always a level, and an end or none."""
    return tuple(
        Wish(each.place, each.level or Level.PROCESSOR, frozenset(each.functions), _end(each.until)) for each in wishes
    )


def _end(until: datetime | Keep | None) -> datetime | None:
    return None if isinstance(until, Keep) else until


TAKEN: dict[type, tuple[Callable[..., object], str]] = {
    ChangeAccess: (change_access, "giver"),
    ChangeInBulk: (change_in_bulk, "giver"),
    UndoBulkChange: (undo_bulk_change, "giver"),
    RemoveAccess: (remove_access, "giver"),
    RedeemInvitation: (redeem_invitation, "invited_by"),
    DeclineRequest: (decline_request, "decider"),
    WithdrawRequest: (withdraw_request, "user_id"),
}
"""How each step is taken, and whose it is."""


def _take(world: World, step: object) -> str:
    use_case, actor = TAKEN[type(step)]
    use_case(step, world.work(), world.ports)
    return str(getattr(step, actor))


def _check_step(world: World, actor: str, before: Held, requests: dict[str, Request]) -> None:
    after = _held(world)
    decided = {
        (request.user_id, request.place): request
        for name, request in world.store.requests.rows.items()
        if name in requests
        and request != requests[name]
        and request.state not in {RequestState.AWAITING, RequestState.NO_MANAGER}
    }
    for key, request in decided.items():
        own = request.state is RequestState.WITHDRAWN
        assert (request.user_id == actor) is own
        level = before[actor, key[1]].level if (actor, key[1]) in before else None
        if request.state is RequestState.DECLINED:
            assert level is Level.PRIMARY
    approved = {key for key, request in decided.items() if request.state is RequestState.APPROVED}
    for key in approved | {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}:
        assert forbidden(_case(actor, key, before, after, approves=key in approved)) == set()
    newcomers = _managers(after) - _managers(before)
    assert not newcomers or len(_managers(after)) <= MOST


def _case(actor: str, key: tuple[str, Place], before: Held, after: Held, *, approves: bool) -> Case:
    (user_id, place), holder = key, before.get((actor, key[1]))
    was, is_now = before.get(key), after.get(key)
    others = {user for (user, where), grant in after.items() if where == place and _lasts(grant)} - {user_id}
    return Case(
        giver=holder.level.value if holder else "nobody",
        giver_holds=set(holder.functions) if holder else set(),
        own=actor == user_id,
        level=was.level.value if was else None,
        holds=set(was.functions) if was else set(),
        ends=_number(was),
        wished_level=is_now.level.value if is_now else None,
        wished=set(is_now.functions) if is_now else set(),
        wished_end=_number(is_now),
        approves=approves,
        line_has=set(CATALOGUE.of_line(place.line)),
        other_managers=len(others),
    )


def _held(world: World) -> Held:
    return {(each.user_id, each.place): each.grant for each in world.store.accesses.standing_of(PEOPLE)}


def _managers(held: Held) -> set[str]:
    return {user_id for (user_id, _), grant in held.items() if grant.level is Level.PRIMARY}


def _lasts(grant: Grant) -> bool:
    return grant.level is Level.PRIMARY and grant.until is None


def _number(grant: Grant | None) -> int:
    return next((number for number in (5, 9) if grant and grant.until == day(number)), 0)
