"""Two at the same moment: whatever order the locks give them, the rules hold (ENT-3, ENT-7, REG-12)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from werkzeug.test import TestResponse

from services.entitlements.application.seed_access import Seed
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line, Place
from tests.integration.entitlements.world import OURS, World, change

ROUNDS = 25


def at_once(*calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """The answers of calls that start together, in the order of the calls."""
    answers: list[TestResponse | None] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(number: int) -> None:
        start.wait(60)
        answers[number] = calls[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [answer for answer in answers if answer is not None]


def statuses(answers: Sequence[TestResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def primary(user_id: str, line: Line = Line.MEDICAL) -> Seed:
    return Seed(user_id, Place(OURS, line), Grant.of(Level.PRIMARY, ()))


def processor(user_id: str) -> Seed:
    return Seed(user_id, Place(OURS, Line.MEDICAL), Grant.of(Level.PROCESSOR, ()))


def many_times(round_of: Callable[[], None]) -> None:
    for _ in range(ROUNDS):
        round_of()


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    for user_id in ("mary", "george", "anna", "bert"):
        world.account(user_id)
    world.seed(primary("mary"), primary("george"))


def test_two_managers_who_remove_each_other_leave_one__ENT_3(world: World) -> None:
    def round_of() -> None:
        etags = {user_id: world.etag(user_id, "mary") for user_id in ("mary", "george")}
        answers = at_once(
            lambda: world.put("mary", "george", change(None), etag=etags["george"]),
            lambda: world.put("george", "mary", change("processor"), etag=etags["mary"]),
        )
        assert statuses(answers)[0] == 200
        assert statuses(answers)[1] in {403, 404, 409}
        survivor, other = ("mary", "george") if answers[0].status_code == 200 else ("george", "mary")
        assert [item["managers"] for item in world.items("/me/practices", survivor)] == [1]
        assert world.put(survivor, other, change("primary")).status_code == 200

    many_times(round_of)


def test_two_managers_who_leave_at_once_leave_one__ENT_3(world: World) -> None:
    ending = change("primary", until="2099-01-01T00:00:00Z")

    def round_of() -> None:
        etags = {user_id: world.etag(user_id, "mary") for user_id in ("mary", "george")}
        answers = at_once(
            lambda: world.put("mary", "mary", change("secondary"), etag=etags["mary"]),
            lambda: world.put("george", "george", ending, etag=etags["george"]),
        )
        assert statuses(answers) == [200, 409]
        lost = next(answer for answer in answers if answer.status_code == 409)
        assert lost.get_json()["code"] == "last_manager"
        survivor, other = ("george", "mary") if answers[0].status_code == 200 else ("mary", "george")
        assert world.put(survivor, other, change("primary", until=None)).status_code == 200

    many_times(round_of)


def test_a_sixteenth_manager_slips_in_by_no_line__ENT_3(world: World) -> None:
    crowd = [f"manager{number:02}" for number in range(12)]
    for user_id in crowd:
        world.account(user_id)
    world.seed(*(primary(user_id) for user_id in crowd), primary("mary", Line.BEHAVIORAL))
    world.seed(*(processor(user_id) for user_id in ("anna", "bert")))

    def round_of() -> None:
        etags = {user_id: world.etag(user_id, "mary") for user_id in ("anna", "bert")}
        answers = at_once(
            lambda: world.put("george", "anna", change("primary"), etag=etags["anna"]),
            lambda: world.put("mary", "bert", change("primary", line="behavioral"), etag=etags["bert"]),
        )
        assert statuses(answers) == [200, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert refused.get_json()["code"] == "too_many_managers"
        if answers[0].status_code == 200:
            assert world.put("mary", "anna", change("processor")).status_code == 200
        else:
            assert world.put("mary", "bert", change(None, line="behavioral")).status_code == 200

    many_times(round_of)


def test_a_request_has_one_decision_whoever_takes_it__REG_12(world: World) -> None:
    def round_of() -> None:
        asked = world.call("POST", "/requests", "anna", {"tin": OURS, "line": "medical"})
        path, request_id = f"/requests/{asked.get_json()['id']}", asked.get_json()["id"]
        etag = world.etag("anna", "mary")
        answers = at_once(
            lambda: world.put("mary", "anna", change("processor"), request_id=request_id, etag=etag),
            lambda: world.put("george", "anna", change("auditor"), request_id=request_id, etag=etag),
            lambda: world.call("POST", f"{path}/decline", "george", {"reason": "No."}),
            lambda: world.call("POST", f"{path}/withdraw", "anna"),
        )
        assert statuses(answers) == [200, 409, 409, 409]
        lost = [answer.get_json()["code"] for answer in answers if answer.status_code == 409]
        assert lost == ["request_already_decided"] * 3
        given = any(answer.status_code == 200 for answer in answers[:2])
        assert (world.get(path, "anna").get_json()["state"] == "approved") is given
        assert bool(world.items("/me/access", "anna")) is given
        if given:
            assert world.put("mary", "anna", change(None)).status_code == 200

    many_times(round_of)


def test_one_user_asks_once__REG_12(world: World) -> None:
    def ask() -> TestResponse:
        return world.call("POST", "/requests", "anna", {"tin": OURS, "line": "medical"})

    def round_of() -> None:
        assert statuses(at_once(ask, ask, ask)) == [201, 409, 409]
        (request,) = world.items("/requests?mine=true&state=awaiting", "anna")
        assert world.call("POST", f"/requests/{request['id']}/withdraw", "anna").status_code == 200

    many_times(round_of)


def test_a_request_that_meets_the_first_manager_waits_for_them__REG_12(world: World) -> None:
    def round_of(number: int) -> None:
        tin, boss = f"5550000{number:02}", f"boss{number}"
        world.account(boss)

        def ask() -> TestResponse:
            return world.call("POST", "/requests", "anna", {"tin": tin, "line": "dental"})

        def appoint() -> TestResponse:
            world.seed(Seed(boss, Place(tin, Line.DENTAL), Grant.of(Level.PRIMARY, ())))
            return world.get("/functions", None)

        asked, _ = at_once(ask, appoint)
        (request,) = world.items("/requests", boss)
        assert (request["id"], request["state"]) == (asked.get_json()["id"], "awaiting")
        told = world.published("entitlements.request.opened.v1")[-1]["managers"]
        added = world.published("entitlements.manager.added.v1")[-1]["requests"]
        assert (told == [boss]) is not (added == [request["id"]])

    for number in range(10):
        round_of(number)


def test_two_changes_of_one_user_are_not_mixed__ENT_7(world: World) -> None:
    world.seed(processor("anna"))

    def round_of(one: str, two: str) -> None:
        etag = world.etag("anna", "mary")
        answers = at_once(
            lambda: world.put("mary", "anna", change("processor", one), etag=etag),
            lambda: world.put("george", "anna", change("processor", two), etag=etag),
        )
        assert statuses(answers) == [200, 412]
        (item,) = world.items("/me/access", "anna")
        assert item["functions"] == [one if answers[0].status_code == 200 else two]

    for number in range(ROUNDS):
        round_of(*(("claim_status", "eft_view") if number % 2 else ("patient_coverage", "fee_schedule")))
