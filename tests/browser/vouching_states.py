"""The states of the pages about a lost mailbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

from services.portal.application.errors import ProblemError
from tests.unit.portal.practices import listed
from tests.unit.portal.supporting import account, supporting
from tests.unit.portal.vouching import (
    CONFIRMED,
    FILLED,
    VERIFY,
    VOUCH,
    VOUCHINGS,
    new_address,
    vouching,
    vouching_agent,
    vouching_manager,
)
from tests.unit.portal.world import World

State = Callable[[World], TestResponse]


def vouching_wrong(world: World) -> TestResponse:
    return world.post(vouching_manager(world), {"email": "sally", "reason": ""})


def vouching_refused(world: World) -> TestResponse:
    path = vouching_manager(world)
    world.api.says("POST", VOUCH, ProblemError(409, "vouching_open"))
    return world.post(path, FILLED)


def vouched(world: World) -> TestResponse:
    return world.get(f"{vouching_manager(world, vouching())}?done=yes")


def _with_agent(**changes: Any) -> State:
    return lambda world: world.get(vouching_agent(world, **changes))


def settled_without_reason(world: World) -> TestResponse:
    return world.post(vouching_agent(world), {"act": "", "reason": ""})


def settled(world: World) -> TestResponse:
    return world.get(f"{vouching_agent(world, **CONFIRMED)}?done=confirm")


def addresses_listed(world: World) -> TestResponse:
    supporting(world, account())
    world.api.says("GET", VOUCHINGS, listed(vouching(), vouching(user_id="zoe.obrien")))
    return world.get("/support/new-addresses")


def no_addresses(world: World) -> TestResponse:
    supporting(world, account())
    world.api.says("GET", VOUCHINGS, listed())
    return world.get("/support/new-addresses?view=ended")


def code_wrong(world: World) -> TestResponse:
    new_address(world)
    world.api.says("POST", VERIFY, ProblemError(422, "code_wrong"))
    return world.post("/new-address/code", {"code": "000000"})


def stop_unknown(world: World) -> TestResponse:
    world.get("/new-address/stop")
    world.api.says("POST", f"{VOUCHINGS}/stop", ProblemError(404, "not_found"))
    return world.post("/new-address/stop", {"token": "unknown"})


def _page(path: str) -> State:
    return lambda world: world.get(path)


VOUCHING_STATES: dict[str, tuple[State, int]] = {
    "lost mailbox": (_page("/new-address/lost"), 200),
    "vouching": (lambda world: world.get(vouching_manager(world)), 200),
    "vouching, form wrong": (vouching_wrong, 422),
    "vouching refused": (vouching_refused, 422),
    "vouched": (vouched, 200),
    "new addresses": (addresses_listed, 200),
    "no new addresses": (no_addresses, 200),
    "new address to decide": (_with_agent(), 200),
    "new address confirmed": (settled, 200),
    "new address verified and ended": (_with_agent(**CONFIRMED, verified_at="2026-03-02T16:00:00Z"), 200),
    "new address decided wrongly": (settled_without_reason, 422),
    "whose new address": (_page("/new-address"), 200),
    "code of the new address": (lambda world: new_address(world).get("/new-address/code"), 200),
    "code of the new address wrong": (code_wrong, 422),
    "new address verified": (_page("/new-address/confirmed"), 200),
    "stopping a new address": (_page("/new-address/stop"), 200),
    "stopping a new address, code unknown": (stop_unknown, 422),
    "new address stopped": (_page("/new-address/stopped"), 200),
}
