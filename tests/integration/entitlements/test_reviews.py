"""Access reviews over HTTP and by the calendar (ENT-13)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from werkzeug.test import TestResponse

from tests.integration.entitlements.test_races import at_once, statuses
from tests.integration.entitlements.test_waiting import jobs
from tests.integration.entitlements.world import OURS, THEIRS, World, change, codes


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    for user_id in ("mary", "george", "sally", "sec", "emil"):
        world.account(user_id)
    world.give("mary", "primary")
    world.give("george", "primary")
    world.give("sally", "processor", "claim_status", "eft_view")
    world.give("sec", "secondary", "claim_status")
    world.give("emil", "primary", tin=THEIRS)


def opened(world: World, opener: str = "mary", tin: str = OURS) -> str:
    answer = world.call("POST", "/reviews", opener, {"tin": tin})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def items(world: World, review: str, viewer: str = "mary", *, support: bool = False) -> dict[str, dict[str, Any]]:
    answer = world.call("GET", f"/reviews/{review}", viewer, support=support)
    assert answer.status_code == 200, answer.text
    return {each["user_id"]: each for each in answer.get_json()["items"]}


def decide(world: World, review: str, decider: str, verdicts: dict[str, str], *, support: bool = False) -> TestResponse:
    """Decisions by user ID, about what the decider sees."""
    seen = items(world, review, decider, support=support)
    decisions = [
        {"item": seen[user]["id"], "decision": verdict, "version": seen[user]["version"]}
        for user, verdict in verdicts.items()
    ]
    return world.call("POST", f"/reviews/{review}/decisions", decider, {"decisions": decisions}, support=support)


def pass_days(world: World, days: float) -> None:
    """Let time pass, and do by the calendar what falls due."""
    world.clock.advance(days=days)
    for job in ("review-endings", "review-reminders", "review-openings"):
        jobs(world).run(job)


def test_every_access_is_decided_by_another_manager_until_the_review_ends__ENT_13(world: World) -> None:
    review = opened(world)
    (told,) = world.published("entitlements.review.opened.v1")
    assert (told["total"], told["managers"], told["by"]) == (4, ["george", "mary"], "mary")
    rows = items(world, review)
    assert {user: row["may_decide"] for user, row in rows.items()} == {
        "george": True,
        "mary": False,
        "sally": True,
        "sec": True,
    }
    assert rows["sally"]["sensitive"] == ["eft_view"]
    answer = decide(world, review, "mary", {"george": "keep", "sally": "remove", "sec": "keep"})
    assert answer.status_code == 200
    assert (answer.get_json()["state"], answer.get_json()["undecided"], answer.get_json()["yours"]) == ("open", 1, 0)
    assert world.check("sally", "claim_status") == (False, "access_ended")
    (removed,) = world.published("entitlements.access.removed.v1")
    assert (removed["user_id"], removed["by"]) == ("sally", "mary")
    assert decide(world, review, "george", {"mary": "keep"}).get_json()["state"] == "closed"
    decided = {
        each["user_id"]: (each["outcome"], each["by"]) for each in world.published("entitlements.review.decided.v1")
    }
    assert decided == {
        "george": ("kept", "mary"),
        "sally": ("removed", "mary"),
        "sec": ("kept", "mary"),
        "mary": ("kept", "george"),
    }
    (closed,) = world.published("entitlements.review.closed.v1")
    assert closed["outcome"] == {"kept": 3, "removed": 1}


def test_nobody_decides_about_themselves_nor_twice_nor_where_they_do_not_manage__ENT_13_GO_2(world: World) -> None:
    review = opened(world)
    answer = decide(world, review, "mary", {"mary": "keep"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "own_access_review")
    for stranger in ("sec", "sally", "emil"):
        assert world.get(f"/reviews/{review}", stranger).status_code == 404
        assert world.get(f"/reviews/{review}/export.xlsx", stranger).status_code == 404
        assert world.items("/reviews", stranger) == []
    assert world.call("POST", "/reviews", "emil", {"tin": OURS}).status_code == 404
    assert world.call("POST", "/reviews", "sec", {"tin": OURS}).status_code == 404
    assert decide(world, review, "mary", {"sally": "keep"}).status_code == 200
    answer = decide(world, review, "george", {"sally": "remove"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "already_reviewed")
    again = world.call("POST", "/reviews", "george", {"tin": OURS})
    assert (again.status_code, again.get_json()["code"]) == (409, "review_already_open")
    body = {"decisions": [{"item": review, "decision": "keep"}]}
    answer = world.call("POST", f"/reviews/{review}/decisions", "mary", body)
    assert answer.get_json()["errors"][0]["code"] == "item_unknown"


def test_all_decisions_or_none_and_only_about_what_was_seen__ENT_7_ENT_13(world: World) -> None:
    review = opened(world)
    seen = items(world, review)
    assert world.put("george", "sally", change("processor", "claim_status")).status_code == 200
    decisions = [
        {"item": seen[user]["id"], "decision": "keep", "version": seen[user]["version"]} for user in ("sec", "sally")
    ]
    answer = world.call("POST", f"/reviews/{review}/decisions", "mary", {"decisions": decisions})
    assert (answer.status_code, answer.get_json()["code"]) == (412, "changed_meanwhile")
    assert items(world, review)["sec"]["state"] == "undecided"
    assert world.put("george", "sally", change(None)).status_code == 200
    assert items(world, review)["sally"]["state"] == "gone"


def test_two_managers_who_remove_each_other_in_a_review_leave_one__ENT_3_ENT_13(world: World) -> None:
    def round_of(review: str) -> None:
        answers = at_once(
            lambda: decide(world, review, "mary", {"george": "remove", "sally": "keep", "sec": "keep"}),
            lambda: decide(world, review, "george", {"mary": "remove", "sally": "keep", "sec": "keep"}),
        )
        assert statuses(answers)[0] == 200
        assert statuses(answers)[1] in {403, 404, 409, 412}
        survivor, other = ("mary", "george") if answers[0].status_code == 200 else ("george", "mary")
        assert [each["managers"] for each in world.items("/me/practices", survivor)] == [1]
        assert world.put(survivor, other, change("primary")).status_code == 200
        assert decide(world, review, other, {survivor: "keep"}).get_json()["state"] == "closed"

    for _ in range(3):
        round_of(opened(world))


def test_an_only_managers_own_access_is_reviewed_by_support__ENT_13(world: World) -> None:
    world.give("sally", "processor", "eft_view", tin=THEIRS)
    review = opened(world, "emil", THEIRS)
    assert decide(world, review, "emil", {"sally": "keep"}).get_json()["state"] == "open"
    assert world.call("GET", f"/reviews/{review}", "agent").status_code == 404
    assert set(items(world, review, "agent", support=True)) == {"emil"}
    listed = world.call("GET", "/reviews", "agent", support=True).get_json()["items"]
    assert [(each["id"], each["yours"]) for each in listed] == [(review, 1)]
    answer = decide(world, review, "agent", {"emil": "remove"}, support=True)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "last_manager")
    assert decide(world, review, "agent", {"emil": "keep"}, support=True).status_code == 200
    (summary,) = world.items("/reviews?state=closed", "emil")
    assert (summary["id"], summary["undecided"]) == (review, 0)


def test_what_nobody_decided_is_suspended_as_far_as_it_is_sensitive_and_comes_back__ENT_13_ENT_14(world: World) -> None:
    review = opened(world)
    pass_days(world, 52)
    assert world.published("entitlements.review.reminder_due.v1") == []
    pass_days(world, 1)
    pass_days(world, 1)
    (told,) = world.published("entitlements.review.reminder_due.v1")
    assert (told["undecided"], told["managers"]) == (4, ["george", "mary"])
    pass_days(world, 6)
    assert world.check("sally", "eft_view") == (False, "suspended")
    assert world.check("sally", "claim_status") == (True, "granted")
    assert world.check("sec", "claim_status") == (False, "suspended")
    states = [world.check(user, "delegate_access") for user in ("mary", "george")]
    assert sorted(states) == [(False, "suspended"), (True, "granted")]
    last = "mary" if states[0][0] else "george"
    (mine,) = world.items("/me/access", "sally")
    assert (mine["state"], mine["suspended_functions"]) == ("active", ["eft_view"])
    suspended = {each["user_id"]: each["functions"] for each in world.published("entitlements.access.suspended.v1")}
    assert (suspended["sally"], suspended["sec"], last in suspended) == (["eft_view"], None, False)
    (closed,) = world.published("entitlements.review.closed.v1")
    assert closed["outcome"] == {"suspended": 3, "left": 1}
    (summary,) = world.items("/reviews", last)
    assert (summary["state"], summary["yours"]) == ("closed", 3)
    assert decide(world, review, last, {"sally": "keep", "sec": "remove"}).status_code == 200
    assert world.check("sally", "eft_view") == (True, "granted")
    assert [each["user_id"] for each in world.published("entitlements.access.restored.v1")] == ["sally"]
    assert world.put(last, "sec", change("secondary", "claim_status")).status_code == 200
    assert world.check("sec", "claim_status") == (True, "granted")


def test_a_suspension_stays_with_a_change_by_others_and_goes_with_the_access__GO_2_ENT_13(world: World) -> None:
    opened(world)
    pass_days(world, 60)
    assert world.check("sally", "eft_view") == (False, "suspended")
    last = "mary" if world.check("mary", "delegate_access")[0] else "george"
    assert world.put(last, "sally", change("processor", "claim_status", "eft_view", "fee_schedule")).status_code == 200
    assert world.check("sally", "eft_view") == (False, "suspended")
    assert world.put(last, "sally", change(None)).status_code == 200
    assert world.put(last, "sally", change("processor", "eft_view")).status_code == 200
    assert world.check("sally", "eft_view") == (True, "granted")


def test_functions_that_are_suspended_are_not_held_and_so_not_ones_to_give__GO_2_ENT_14(world: World) -> None:
    world.account("bert")
    world.give("bert", "processor")
    opened(world)
    pass_days(world, 60)
    last = "mary" if world.check("mary", "delegate_access")[0] else "george"
    assert world.put(last, "sally", change("secondary", "claim_status", "eft_view")).status_code == 200
    answer = world.put("sally", "bert", change("processor", "claim_status", "eft_view"))
    assert (answer.status_code, codes(answer)) == (403, [("eft_view", "not_yours_to_give")])
    assert world.put("sally", "bert", change("processor", "claim_status")).status_code == 200


def test_what_one_review_suspended_stays_so_after_the_next_until_it_is_decided__ENT_13(world: World) -> None:
    opened(world)
    pass_days(world, 60)
    last = "mary" if world.check("mary", "delegate_access")[0] else "george"
    assert world.put(last, "sally", change("secondary", "claim_status", "eft_view")).status_code == 200
    second = opened(world, last)
    pass_days(world, 60)
    assert [world.check(user, "claim_status") for user in ("sally", "sec")] == [(False, "suspended")] * 2
    assert decide(world, second, last, {"sally": "keep", "sec": "keep"}).status_code == 200
    assert [world.check(user, "claim_status") for user in ("sally", "sec")] == [(True, "granted")] * 2
    assert world.check("sally", "eft_view") == (True, "granted")


def test_the_calendar_opens_a_review_once_a_year__ENT_13(world: World) -> None:
    pass_days(world, 364)
    assert world.published("entitlements.review.opened.v1") == []
    pass_days(world, 1)
    due = world.published("entitlements.review.opened.v1")
    assert [(each["tin"], each["by"]) for each in due] == [(OURS, "system:jobs"), (THEIRS, "system:jobs")]
    pass_days(world, 304)
    assert len(world.published("entitlements.review.opened.v1")) == 2
    pass_days(world, 61)
    assert len(world.published("entitlements.review.opened.v1")) == 4


def test_the_outcome_is_a_workbook__ENT_13(world: World) -> None:
    review = opened(world)
    decide(world, review, "mary", {"george": "keep", "sally": "remove"})
    answer = world.get(f"/reviews/{review}/export.xlsx", "george")
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(BytesIO(answer.data))["Access review"].values)
    assert rows[0][:5] == ("TIN", "PRACTICE", "LINE", "NAME", "USER ID")
    outcome = {row[4]: (row[6], row[9], row[10]) for row in rows[1:]}
    assert outcome["sally"] == ("claim_status; eft_view", "removed", "mary")
    assert outcome["sec"] == ("claim_status; delegate_access; history_report", "undecided", "")
