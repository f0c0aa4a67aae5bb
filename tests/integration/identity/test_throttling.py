"""Guessing from elsewhere, over HTTP and on both databases: whom it holds back, and whom it does not."""

from __future__ import annotations

from collections import Counter

import pytest

from services.identity.bootstrap import build
from tests.integration.identity.devices import ELSEWHERE_IN_US, OFFICE, SAFARI, Visit
from tests.integration.identity.second_steps import verify
from tests.integration.identity.world import RECOVERED, WRONG, World


@pytest.fixture
def limited(world: World) -> World:
    """With limits by address, as everywhere but in a trial."""
    world.settings = world.settings.model_copy(
        update={
            "address_limits": True,
            "address_free_failures": 2,
            "lock_address_after_failures": 4,
            "network_free_failures": 5,
            "lock_network_after_failures": 6,
        }
    )
    world.service.engine.dispose()
    world.service = build(world.settings, world.clock)
    return world


def guess(world: World, times: int, **changed: str) -> list[int]:
    """Wrong passwords in a row, each once it may be tried; the answers."""
    answers = []
    for _ in range(times):
        answer = Visit(world, agent=SAFARI, **changed).begin(WRONG)
        answers.append(answer.status_code)
        world.clock.advance(seconds=int(answer.headers.get("Retry-After", 0)))
    return answers


def lock(world: World) -> None:
    for seconds in (0, 0, 0, 0, 1, 2, 4, 8, 16, 32):
        world.clock.advance(seconds=seconds)
        assert Visit(world, agent=SAFARI, address=ELSEWHERE_IN_US).begin(WRONG).status_code == 401
    assert Visit(world, agent=SAFARI).begin().status_code == 429


def test_whoever_guesses_elsewhere_locks_nobody_out_of_a_trusted_device__IDN_9(world: World) -> None:
    owner = Visit(world)
    owner.sign_in(remember=True)
    lock(world)
    assert owner.state() == "signed_in"
    assert Visit(world, agent=SAFARI).begin().status_code == 429
    assert len(world.events("identity.account.locked.v1")) == 1


def test_a_stolen_token_is_good_for_ten_guesses_and_then_for_nothing__IDN_9(world: World) -> None:
    thief = Visit(world)
    thief.sign_in(remember=True)
    for seconds in (0, 0, 0, 0, 1, 2, 4, 8, 16, 32):
        world.clock.advance(seconds=seconds)
        assert thief.begin(WRONG).status_code == 401
    assert [told["reason"] for told in world.events("identity.device.revoked.v1")] == ["too_many_failures"]
    assert world.events("identity.account.locked.v1") == []
    assert thief.state() == "device_not_trusted"


def test_nor_from_the_second_step_there__IDN_9(world: World) -> None:
    owner = Visit(world)
    app = owner.person(remember=True).with_app()
    for seconds in (0, 0, 0, 0, 1, 2, 4, 8, 16, 32):
        world.clock.advance(seconds=seconds)
        assert verify(world, world.begin(), app.id, "000000").status_code == 422
    assert verify(world, world.begin(), app.id, app.code()).status_code == 429
    world.clock.advance(days=15)
    owner.address = ELSEWHERE_IN_US
    lock_again = world.begin()
    step = owner.begin().get_json()
    assert step["reason"] == "risk"
    for seconds in (0, 0, 0, 0, 1, 2, 4, 8, 16, 32):
        world.clock.advance(seconds=seconds)
        lock_again = world.begin()
        assert verify(world, lock_again, app.id, "000000").status_code == 422
    assert verify(world, lock_again, app.id, app.code()).status_code == 429
    step = owner.begin().get_json()
    assert verify(world, step, app.id, app.code()).status_code == 200


def test_an_address_that_guesses_is_held_back_whatever_account_it_tries__IDN_9(limited: World) -> None:
    names = ["mmartin5", "nobody11", "nobody22", "nobody33"]
    answers = []
    for name, seconds in zip(names, (0, 0, 1, 2), strict=True):
        limited.clock.advance(seconds=seconds)
        answers.append(Visit(limited, user_id=name).begin(WRONG).status_code)
    assert answers == [401, 401, 401, 401]
    for name in ("support1", "nobody44"):
        refused = Visit(limited, user_id=name).begin()
        assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_attempts")
        assert int(refused.headers["Retry-After"]) == 900
    assert Visit(limited, user_id="support1", address=ELSEWHERE_IN_US).begin().status_code == 200
    limited.clock.advance(minutes=15)
    assert Visit(limited, user_id="support1").begin().status_code == 200


def test_a_network_is_held_back_over_its_addresses__IDN_9(limited: World) -> None:
    for number, seconds in enumerate((0, 0, 0, 0, 0, 1)):
        limited.clock.advance(seconds=seconds)
        visit = Visit(limited, user_id=f"nobody{number}0", address=f"8.8.8.{number}")
        assert visit.begin(WRONG).status_code == 401
    assert Visit(limited, address="8.8.8.99").begin().status_code == 429
    assert Visit(limited, address="8.8.9.99").begin().status_code == 200


def test_a_trusted_device_is_held_back_by_neither__IDN_9(limited: World) -> None:
    owner = Visit(limited)
    owner.sign_in(remember=True)
    for name, seconds in zip(("nobody11", "nobody22", "nobody33", "nobody44"), (0, 0, 1, 2), strict=True):
        limited.clock.advance(seconds=seconds)
        Visit(limited, user_id=name).begin(WRONG)
    assert Visit(limited, agent=SAFARI).begin().status_code == 429
    assert owner.state() == "signed_in"


def test_of_twelve_guesses_at_once_no_more_are_looked_at_than_in_turn__IDN_9(limited: World) -> None:
    answers = limited.at_once([lambda: Visit(limited, address=ELSEWHERE_IN_US).begin(WRONG) for _ in range(12)])
    looked_at = Counter(answer.status_code for answer in answers)[401]
    assert looked_at <= 4


def is_held_back(world: World, address: str = OFFICE) -> bool:
    """Whether the right password of somebody who did nothing is not looked at from there."""
    return Visit(world, user_id="support1", address=address).begin().status_code == 429


def test_wrong_second_steps_count_for_the_address_too__IDN_9(limited: World) -> None:
    visit = Visit(limited)
    step = visit.begin().get_json()
    for seconds in (0, 0, 1, 2):
        limited.clock.advance(seconds=seconds)
        body = {"method": step["methods"][0]["id"], "code": "000000"}
        answer = visit.post(f"/sign-in/{step['challenge']}/verify", body, X_Challenge_Secret=step["challenge_secret"])
        assert answer.status_code == 422
    assert is_held_back(limited)
    assert not is_held_back(limited, ELSEWHERE_IN_US)
    assert visit.begin().status_code == 429


def test_wrong_proofs_of_a_recovery_count_for_the_address_too__IDN_9(limited: World) -> None:
    user_id, visit = limited.register(), Visit(limited)
    flow = limited.forgot(user_id)
    assert limited.recover(flow, "send").status_code == 202
    body = {
        "code": "000000",
        "date_of_birth": "1980-02-29",
        "answer": {"question": "birth_city", "text": "lima"},
    }
    for seconds in (0, 0, 1, 2):
        limited.clock.advance(seconds=seconds)
        path = f"/recovery/{flow['challenge']}/verify"
        answer = visit.post(path, body, X_Challenge_Secret=flow["challenge_secret"])
        assert answer.status_code == 422
    assert is_held_back(limited)
    limited.clock.advance(seconds=2)
    right = body | {"code": limited.code()}
    path, secret = f"/recovery/{flow['challenge']}/verify", flow["challenge_secret"]
    assert visit.post(path, right, X_Challenge_Secret=secret).status_code == 429
    assert Visit(limited, address=ELSEWHERE_IN_US).post(path, right, X_Challenge_Secret=secret).status_code == 204


def test_wrong_present_passwords_count_for_the_address_too__IDN_9(limited: World) -> None:
    visit = Visit(limited)
    token = visit.person().token
    for seconds in (0, 0, 1, 2):
        limited.clock.advance(seconds=seconds)
        body = {"current_password": WRONG, "new_password": RECOVERED}
        answer = visit.post("/me/password", body, Authorization=f"Bearer {token}")
        assert answer.get_json()["code"] == "password_wrong"
    assert is_held_back(limited)


def test_who_knows_the_password_alone_uses_up_no_tries_at_the_owners_code__IDN_2(world: World) -> None:
    theirs = world.begin()
    owners = world.begin()
    assert world.send(owners).status_code == 202
    code = world.code()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert [world.verify(theirs, wrong).status_code for _ in range(12)] == [422] * 12
    assert world.verify(theirs, code).get_json()["code"] == "code_wrong"
    assert [world.verify(owners, wrong).status_code for _ in range(2)] == [422, 422]
    assert world.verify(owners, code).status_code == 200


def test_who_knows_the_password_alone_leaves_codes_for_the_owner__IDN_2(world: World) -> None:
    owner, thief = Visit(world), Visit(world, agent=SAFARI, address=ELSEWHERE_IN_US)
    owner.sign_in()
    world.clock.advance(minutes=2)
    assert [send_from(world, thief) for _ in range(4)] == [202, 202, 202, 429]
    assert [send_from(world, owner) for _ in range(3)] == [202, 202, 429]
    world.clock.advance(minutes=60)
    assert send_from(world, thief) == 202


def send_from(world: World, visit: Visit) -> int:
    """A code of a new sign-in from there, a while after the last."""
    world.clock.advance(seconds=61)
    step = visit.begin().get_json()
    path, body = f"/sign-in/{step['challenge']}/send", {"method": step["methods"][0]["id"]}
    return visit.post(path, body, X_Challenge_Secret=step["challenge_secret"]).status_code
