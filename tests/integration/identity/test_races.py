"""What happens at the same moment, and what is killed half-way."""

from __future__ import annotations

from collections import Counter

import pytest

from chassis.db.tables import outbox
from services.identity.adapters.tables import account, challenge, contact, session
from services.identity.bootstrap import build
from tests.integration.identity.world import PASSWORD, WRONG, World, registration

SUBMITTED = "registration.registration.submitted.v1"


def test_of_fifty_uses_of_a_refresh_token_one_succeeds__IDN_12(world: World) -> None:
    token = world.signed_in()["refresh_token"]
    answers = world.at_once([lambda: world.refresh(token)] * 50)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 49}
    assert len(world.events("identity.session.ended.v1")) == 1
    assert len(world.events("identity.refresh_token.reused.v1")) == 1


def test_of_two_who_verify_at_once_one_gets_a_session__IDN_2(world: World) -> None:
    step = world.begin()
    world.send(step)
    code = world.code()
    answers = world.at_once([lambda: world.verify(step, code)] * 8)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1
    assert world.count(session) == 1
    assert len(world.events("identity.sign_in.succeeded.v1")) == 1


def test_of_two_who_confirm_at_once_one_confirms__IDN_2(world: World) -> None:
    body = registration()
    world.internal("/reservations", body)
    data = {"registration_id": body["registration_id"], "user_id": "newperson"}
    world.deliver(SUBMITTED, f"registration/{body['registration_id']}", data)
    before, code = len(world.events("identity.account.confirmed.v1")), world.code()
    answers = world.at_once([lambda: world.post("/accounts/newperson/confirm", {"code": code})] * 8)
    assert Counter(answer.status_code for answer in answers)[204] == 1
    assert len(world.events("identity.account.confirmed.v1")) == before + 1


@pytest.mark.parametrize("user_id", ["mmartin5", "nobody55"])
def test_of_thirty_guesses_at_once_four_are_answered__IDN_9(world: World, user_id: str) -> None:
    """Over two processes' worth of services: what they share is the database alone."""
    other = build(world.settings, world.clock)
    clients = [world.service.app.test_client, other.app.test_client]
    body = {"user_id": user_id, "password": WRONG}

    def guess(number: int) -> int:
        return clients[number % 2]().post("/api/identity/v1/sign-in", json=body).status_code

    statuses = Counter(world.at_once([lambda number=number: guess(number) for number in range(30)]))  # type: ignore[misc]
    other.engine.dispose()
    assert statuses == {401: 4, 429: 26}
    assert len(world.events("identity.account.locked.v1")) == (1 if user_id == "mmartin5" else 0)


def test_of_many_who_reserve_one_user_id_one_gets_it__REG_6(world: World) -> None:
    bodies = [registration("wishedbyall") for _ in range(8)]
    answers = world.at_once([lambda body=body: world.internal("/reservations", body) for body in bodies])  # type: ignore[misc]
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert all(len(answer.get_json()["suggestions"]) == 3 for answer in answers if answer.status_code == 409)


def test_one_code_is_sent_however_often_it_is_asked_for_at_once__IDN_2(world: World) -> None:
    step = world.begin()
    answers = world.at_once([lambda: world.send(step)] * 8)
    assert Counter(answer.status_code for answer in answers) == {202: 1, 429: 7}
    assert len(world.events("identity.code.requested.v1")) == 1


def test_wrong_codes_at_once_are_all_counted__IDN_2(world: World) -> None:
    step = world.begin()
    world.send(step)
    wrong = str((int(world.code()) + 1) % 10**6).zfill(6)
    answers = world.at_once([lambda: world.verify(step, wrong)] * 12)
    assert Counter(answer.status_code for answer in answers) == {422: 5, 429: 7}
    assert world.verify(step, world.code()).status_code == 429


def test_processes_that_start_at_once_make_one_key_of_each_kind__IDN_12(world: World) -> None:
    with world.service.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM signing_key")
        connection.exec_driver_sql("DELETE FROM outbox")
    others = [build(world.settings, world.clock) for _ in range(4)]
    world.at_once([other.prepare for other in others])
    for other in others:
        other.engine.dispose()
    told = world.events("identity.signing_key.rotated.v1")
    assert sorted(data["algorithm"] for data in told) == ["EdDSA", "RS256"]


def test_what_fails_half_way_leaves_nothing__REG_9(world: World) -> None:
    """The code's event cannot be written: the account that it was for is not made either."""
    body = registration()
    world.internal("/reservations", body)
    before = [world.count(table) for table in (account, contact, outbox)]
    with world.service.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE code RENAME TO code_away")
    data = {"registration_id": body["registration_id"], "user_id": "newperson"}
    world.deliver(SUBMITTED, f"registration/{body['registration_id']}", data)
    assert [world.count(table) for table in (account, contact, outbox)] == before


def test_a_sign_in_that_fails_half_way_leaves_nothing__IDN_1(world: World) -> None:
    with world.service.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE challenge RENAME TO challenge_away")
    answer = world.post("/sign-in", {"user_id": "mmartin5", "password": PASSWORD})
    assert answer.status_code >= 500
    with world.service.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE challenge_away RENAME TO challenge")
    assert world.count(challenge) == 0
