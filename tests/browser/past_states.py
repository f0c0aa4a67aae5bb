"""The states of the pages about who had access."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.test import TestResponse

from tests.unit.portal.past import AT, EXPLAIN, explanation, first_chain, looking_back
from tests.unit.portal.practices import listed
from tests.unit.portal.world import World

State = Callable[[World], TestResponse]


def looked_back(world: World) -> TestResponse:
    return world.get(looking_back(world))


def nobody_then(world: World) -> TestResponse:
    address = looking_back(world)
    world.api.says("GET", AT, listed())
    return world.get(address)


def ahead(world: World) -> TestResponse:
    return world.get(looking_back(world).replace("2026-01-10", "2099-01-10"))


def never(world: World) -> TestResponse:
    looking_back(world)
    path = first_chain(world)
    none = {"allowed": False, "reason": "no_access", "given_by": None, "giver_holds": None, "chain": []}
    world.api.says("GET", EXPLAIN, explanation(**none))
    return world.get(path)


def chain(world: World) -> TestResponse:
    looking_back(world)
    return world.get(first_chain(world))


PAST_STATES: dict[str, tuple[State, int]] = {
    "who had access": (looked_back, 200),
    "nobody had access": (nobody_then, 200),
    "who will have access": (ahead, 422),
    "who gave it": (chain, 200),
    "nobody gave it": (never, 200),
}
