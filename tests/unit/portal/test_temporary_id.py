"""Registering with a temporary ID, and adding its access to an account (REG-14)."""

from __future__ import annotations

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.applicants import ACCOUNT, FakeRegistration
from tests.unit.portal.inviting import ROOT, SECRETS, inviting, opens, refused
from tests.unit.portal.practices import everybody
from tests.unit.portal.world import World


@pytest.fixture
def registration(world: World) -> FakeRegistration:
    fake = FakeRegistration()
    fake.join(world.api)
    opens(world)
    return fake


def come_to_account(world: World) -> str:
    world.get("/register/temporary-id")
    assert world.post("/register/temporary-id", SECRETS).location == "/register/account"
    return world.get("/register/account").text


def come_to_review(world: World) -> str:
    come_to_account(world)
    own = {**ACCOUNT, "email": "ana@example.com", "email_again": "ana@example.com"}
    assert world.post("/register/account", own).location == "/register/review"
    return world.get("/register/review").text


def test_the_landing_page_leads_there__REG_14(world: World) -> None:
    assert "/register/temporary-id" in world.get("/").text
    assert "/register/temporary-id" in world.get("/register").text


def test_the_account_is_filled_in_and_no_tin_is_asked__REG_14(world: World, registration: FakeRegistration) -> None:
    page = come_to_account(world)
    for value in ("Ana", "Lee", "ana@example.com", "12"):
        assert f'value="{value}"' in page
    assert "Step 2 of 4" in page
    review = come_to_review(world)
    assert "State Medical Center" in review
    assert "Your TINs" not in review
    assert world.post("/register/review").location == "/register/done"
    (body,) = registration.submitted
    assert {name: body[name] for name in SECRETS} == SECRETS
    assert "tins" not in body
    done = world.get("/register/done").text
    assert "Prepared for you" in done
    assert SECRETS["temporary_password"] not in done


def test_going_back_leads_to_the_temporary_id__REG_9(world: World, registration: FakeRegistration) -> None:
    come_to_account(world)
    assert world.post("/register/account", {**ACCOUNT, "go": "previous"}).location == "/register/temporary-id"
    assert f'value="{SECRETS["temporary_id"]}"' in world.get("/register/temporary-id").text
    assert world.post("/register/temporary-id", SECRETS).location == "/register/account"
    assert 'value="Zoë"' in world.get("/register/account").text
    assert registration.submitted == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("temporary_id_unknown", "exactly as printed"),
        ("temporary_id_voided", "Too many wrong passwords"),
        ("temporary_id_expired", "has expired"),
        ("temporary_id_used", "was used already"),
        ("temporary_id_revoked", "was taken back"),
    ],
)
def test_what_it_opens_not_is_told__REG_14(world: World, code: str, said: str) -> None:
    world.get("/register/temporary-id")
    world.api.says("POST", f"{ROOT}/redeem", refused(code))
    answer = world.post("/register/temporary-id", SECRETS)
    assert answer.status_code == 422
    assert said in answer.text
    assert SECRETS["temporary_password"] not in answer.text


def test_both_are_needed__REG_14(world: World) -> None:
    world.get("/register/temporary-id")
    assert world.post("/register/temporary-id", {"temporary_id": "x"}).status_code == 422
    assert world.api.calls == []


def test_what_became_of_it_before_the_end_leads_back__REG_14(world: World, registration: FakeRegistration) -> None:
    come_to_review(world)
    world.api.says("POST", ".*/registrations", refused("temporary_id_used"))
    assert 'href="/register/temporary-id#temporary_id"' in world.post("/register/review").text
    assert registration.submitted == []


def test_choosing_a_practice_type_gives_the_temporary_id_up__REG_1(
    world: World, registration: FakeRegistration
) -> None:
    come_to_account(world)
    world.get("/register")
    assert world.post("/register", {"practice_type": ["medical"]}).location == "/register/tins"
    assert world.get("/register/review").location == "/register/tins"
    assert registration.submitted == []


def test_a_user_adds_the_access__REG_14(world: World) -> None:
    everybody(world)
    inviting(world)
    world.sign_in("ssmith1234")
    world.get("/settings/online-access/add")
    assert world.post("/settings/online-access/add", SECRETS).location == "/settings/online-access/add/done"
    page = world.get("/settings/online-access/add/done").text
    assert "State Medical Center" in page
    (call,) = [call for call in world.api.calls if call.path == f"{ROOT}/redeem"]
    assert call.calling.token is not None


def test_too_many_tries_are_told__REG_14(world: World) -> None:
    everybody(world)
    world.sign_in("ssmith1234")
    world.get("/settings/online-access/add")
    world.api.says("POST", f"{ROOT}/redeem", ProblemError(429, "too_many_attempts", retry_after=30))
    assert "Wait 30 seconds" in world.post("/settings/online-access/add", SECRETS).text


def test_what_was_added_is_for_whoever_added_it__IDN_16(world: World) -> None:
    everybody(world)
    world.sign_in("ssmith1234")
    assert world.get("/settings/online-access/add/done").location == "/settings/online-access"
