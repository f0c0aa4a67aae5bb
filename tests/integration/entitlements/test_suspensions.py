"""Access is suspended while its practice has not its line, or its account is disabled, and then comes back (ENT-14)."""

from __future__ import annotations

from tests.integration.entitlements.world import OURS, THEIRS, World, change

BOTH = ("medical", "behavioral")
SUSPENDED, RESTORED = "entitlements.access.suspended.v1", "entitlements.access.restored.v1"


def manned(world: World) -> None:
    directory(world, *BOTH, version=1)
    for user_id in ("mary", "sally", "anna"):
        world.account(user_id)
    for line in BOTH:
        world.give("mary", "primary", line=line)
        world.give("sally", "processor", "claim_status", line=line)


def directory(world: World, *lines: str, version: int) -> None:
    world.practice(OURS, "State Medical Center", *lines, version=version)


def account(world: World, user_id: str, happened: str) -> None:
    world.deliver(world.event(f"identity.account.{happened}.v1", f"account/{user_id}", {"user_id": user_id}))


def told(world: World, event_type: str) -> set[tuple[str, str, str]]:
    return {(each["user_id"], each["line"], each["cause"]) for each in world.published(event_type)}


def states(world: World, user_id: str) -> dict[str, str]:
    return {each["line"]: each["state"] for each in world.items("/me/access", user_id)}


def test_with_its_line_access_is_suspended_and_told__REG_17(world: World) -> None:
    manned(world)
    directory(world, "behavioral", version=2)
    assert world.check("sally", "claim_status") == (False, "line_not_offered")
    assert world.check("sally", "claim_status", line="behavioral") == (True, "granted")
    assert states(world, "sally") == {"medical": "suspended", "behavioral": "active"}
    assert told(world, SUSPENDED) == {(user_id, "medical", "line_lost") for user_id in ("mary", "sally")}
    assert world.published("entitlements.practice.without_manager.v1") == []


def test_it_comes_back_with_the_line_and_once__REG_17(world: World) -> None:
    manned(world)
    for version, lines in ((2, ("behavioral",)), (3, BOTH), (3, BOTH), (2, ("behavioral",))):
        directory(world, *lines, version=version)
    assert world.check("sally", "claim_status") == (True, "granted")
    assert len(world.published(SUSPENDED)) == len(world.published(RESTORED)) == 2
    last = world.put("mary", "mary", change(None))
    assert last.get_json()["code"] == "last_manager"


def test_what_ended_meanwhile_leaves_nothing_suspended_behind__ENT_14(world: World) -> None:
    manned(world)
    world.account("zoe")
    world.give("sally", "processor", "claim_status", tin=THEIRS, until=3)
    world.practice(THEIRS, "OGYAM GEORGE Y MD", "dental")
    assert world.check("sally", "claim_status", tin=THEIRS) == (False, "line_not_offered")
    world.clock.advance(days=4)
    jobs = world.service.jobs
    assert jobs is not None
    assert jobs.run("access-endings") == 1
    world.practice(THEIRS, "OGYAM GEORGE Y MD", "medical", version=2)
    assert world.published(RESTORED) == []
    world.give("zoe", "primary", tin=THEIRS)
    assert world.put("zoe", "sally", change("processor", "claim_status", tin=THEIRS)).status_code == 200
    assert world.check("sally", "claim_status", tin=THEIRS) == (True, "granted")


def test_access_of_a_disabled_account_counts_for_nothing_until_it_is_back__ENT_14(world: World) -> None:
    manned(world)
    world.account("george")
    world.give("george", "primary")
    for _ in range(2):
        account(world, "mary", "disabled")
    assert told(world, SUSPENDED) == {("mary", line, "account_disabled") for line in BOTH}
    assert len(world.published(SUSPENDED)) == 2
    assert world.check("mary", "delegate_access") == (False, "suspended")
    last = world.put("george", "george", change(None))
    assert last.get_json()["code"] == "last_manager"
    for _ in range(2):
        account(world, "mary", "reactivated")
    assert world.check("mary", "delegate_access") == (True, "granted")
    assert len(world.published(RESTORED)) == 2
    assert world.put("george", "george", change(None)).status_code == 200


def test_what_a_disabled_account_is_given_is_suspended_until_it_is_back__ENT_14(world: World) -> None:
    manned(world)
    account(world, "anna", "disabled")
    world.deliver(world.account_event("confirmed", "anna"))
    world.call("POST", "/requests", "anna", {"tin": OURS, "line": "medical"})
    given = world.put("mary", "anna", change("processor", "claim_status"), dry_run=True).get_json()
    assert [each["state"] for each in given["after"]] == ["suspended"]
    given = world.put("mary", "anna", change("processor", "claim_status")).get_json()
    assert [each["state"] for each in given["after"]] == ["suspended"]
    assert told(world, SUSPENDED) == {("anna", "medical", "account_disabled")}
    assert world.check("anna", "claim_status") == (False, "suspended")
    world.put("mary", "anna", change("processor", "claim_status", "precert_view"))
    account(world, "anna", "disabled")
    assert len(world.published(SUSPENDED)) == 1
    for _ in range(2):
        account(world, "anna", "reactivated")
    assert world.check("anna", "precert_view") == (True, "granted")
    assert len(world.published(RESTORED)) == 1


def test_a_disabled_account_is_no_manager_until_it_is_back__ENT_3_ENT_14(world: World) -> None:
    manned(world)
    added = "entitlements.manager.added.v1"
    before = len(world.published(added))
    account(world, "sally", "disabled")
    assert world.put("mary", "sally", change("primary")).status_code == 200
    assert len(world.published(added)) == before
    assert world.published("entitlements.practice.managers_below_two.v1") == []
    assert world.put("mary", "mary", change(None)).get_json()["code"] == "last_manager"
    account(world, "sally", "reactivated")
    assert [each["user_id"] for each in world.published(added)[before:]] == ["sally"]
    assert world.put("mary", "mary", change(None)).status_code == 200
    assert world.check("sally", "delegate_access") == (True, "granted")


def test_requests_of_a_disabled_last_manager_wait_for_somebody_else__ENT_3(world: World) -> None:
    manned(world)
    asked = world.call("POST", "/requests", "anna", {"tin": OURS, "line": "medical"}).get_json()["id"]
    account(world, "mary", "disabled")
    assert world.get(f"/requests/{asked}", "anna").get_json()["state"] == "no_manager"
    assert {each["line"] for each in world.published("entitlements.practice.without_manager.v1")} == set(BOTH)
    account(world, "mary", "reactivated")
    assert world.get(f"/requests/{asked}", "anna").get_json()["state"] == "awaiting"


def test_two_causes_both_have_to_end__ENT_14(world: World) -> None:
    manned(world)
    directory(world, "behavioral", version=2)
    account(world, "sally", "disabled")
    directory(world, *BOTH, version=3)
    assert world.check("sally", "claim_status") == (False, "suspended")
    account(world, "sally", "reactivated")
    assert world.check("sally", "claim_status") == (True, "granted")


def test_managers_are_gone_with_their_account_whatever_became_of_a_line__ENT_3_ENT_14(world: World) -> None:
    manned(world)
    gone, back = "entitlements.manager.removed.v1", "entitlements.manager.added.v1"
    before = len(world.published(back))
    directory(world, "behavioral", version=2)
    account(world, "mary", "disabled")
    assert {each["line"] for each in world.published(gone)} == set(BOTH)
    directory(world, *BOTH, version=3)
    account(world, "mary", "reactivated")
    again = world.published(back)[before:]
    assert {each["line"] for each in again} == set(BOTH)
    assert all(each["managers"] == ["mary"] for each in again)


def test_with_a_lost_line_it_is_told_whole_who_manages_there_once_it_is_back__REG_17_REG_13(world: World) -> None:
    manned(world)
    world.account("george")
    world.give("george", "primary")
    directory(world, "behavioral", version=2)
    account(world, "mary", "disabled")
    account(world, "mary", "reactivated")
    directory(world, *BOTH, version=3)

    def last(event: str) -> list[str]:
        told = [each for each in world.published(f"entitlements.manager.{event}.v1") if each["line"] == "medical"]
        managers: list[str] = told[-1]["managers"]
        return managers

    assert last("removed") == ["george"]
    assert last("added") == ["george", "mary"]
    lost = world.published("entitlements.practice.without_manager.v1")
    assert {each["line"] for each in lost} == {"behavioral"}
