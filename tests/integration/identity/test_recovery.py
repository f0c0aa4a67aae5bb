"""A forgotten user ID and a forgotten password over HTTP, on both kinds of database."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from chassis.security.sealing import unseal
from services.identity.adapters.secrets import reminder_place
from services.identity.adapters.tables import account, failure_count
from services.identity.adapters.tables import recovery as recoveries
from services.identity.bootstrap import build
from tests.integration.identity.test_enumeration import seen
from tests.integration.identity.world import NOTIFY, PASSWORD, RECOVERED, World

REMINDED = "identity.user_id.reminded.v1"
PASSWORD_RECOVERED = "identity.password.recovered.v1"
NOBODY = "nobody55"
NO_ANSWER = {"question": "birth_city", "text": "rome"}


def proven(world: World, user_id: str = "newperson") -> dict[str, Any]:
    flow = world.forgot(user_id)
    assert world.recover(flow, "send").status_code == 202
    assert world.prove(flow, world.code()).status_code == 204
    return flow


def signs_in_with(world: World, password: str, user_id: str = "newperson") -> bool:
    return world.post("/sign-in", {"user_id": user_id, "password": password}).status_code == 200


def remind(world: World, email: str = "nora@practice.example", born: str = "1980-02-29") -> Any:
    return world.post("/recovery/user-id", {"email": email, "date_of_birth": born})


def test_from_forgotten_to_signed_in__IDN_7(world: World) -> None:
    world.register()
    tokens = world.signed_in("newperson")
    world.clock.advance(minutes=2)
    flow = world.forgot("NewPerson")
    assert set(flow) == {"challenge", "challenge_secret", "methods"}
    sent = world.recover(flow, "send")
    assert (sent.status_code, sent.get_json()) == (202, {"resend_after": 60})
    assert world.mail()["to"] == "nora@practice.example"
    assert world.events("identity.code.requested.v1")[-1]["purpose"] == "recover_password"
    assert world.prove(flow, world.code()).status_code == 204
    assert world.get("/me", tokens["access_token"]).status_code == 200
    assert world.recover(flow, "password").status_code == 204
    assert world.get("/me", tokens["access_token"]).status_code == 401
    assert world.refresh(tokens["refresh_token"]).status_code == 400
    assert [event["reason"] for event in world.events("identity.session.ended.v1")] == ["password_recovered"]
    assert world.events(PASSWORD_RECOVERED) == [{"user_id": "newperson", "site": "medical"}]
    assert not signs_in_with(world, PASSWORD)
    assert signs_in_with(world, RECOVERED)


@pytest.mark.parametrize("user_id", [NOBODY, "mmartin5", "disabled1", "no such id"])
def test_every_step_answers_the_same_for_known_and_unknown__IDN_1_IDN_7(world: World, user_id: str) -> None:
    """The demo's `mmartin5` has no date of birth, and `disabled1` may not be recovered: both look like nobody."""
    world.register()
    world.register("disabled1")
    with world.service.engine.begin() as connection:
        connection.execute(account.update().where(account.c.user_id == "disabled1").values(state="disabled"))
    mine, theirs = world.forgot(), world.forgot(user_id)
    assert {name: len(value) for name, value in mine.items()} == {name: len(value) for name, value in theirs.items()}
    assert mine["methods"] == theirs["methods"]

    def both(step: str, body: dict[str, Any] | None = None) -> int:
        known, unknown = (seen_of(world.recover(flow, step, body)) for flow in (mine, theirs))
        assert known == unknown
        return int(known[0])

    wrong = {"code": "x", "date_of_birth": "1980-02-29", "answer": NO_ANSWER}
    assert both("verify", wrong) == 409
    assert both("password") == 409
    assert both("send", {"method": "pigeon"}) == 422
    assert both("send") == 202
    assert both("send") == 429
    assert [both("verify", wrong) for _ in range(6)] == [422, 422, 422, 422, 429, 429]
    world.clock.advance(seconds=30)
    assert both("verify", wrong) == 422
    world.clock.advance(seconds=40)
    assert [both("verify", wrong), both("send"), both("password")] == [404, 404, 404]
    assert world.events("identity.sign_in.failed.v1")[-1]["reason"] == "recovery"


def seen_of(answer: Any) -> Any:
    if answer.mimetype == "application/problem+json":
        return seen(answer)
    return answer.status_code, sorted(answer.headers.keys()), answer.get_json()


def test_of_many_who_redeem_one_code_at_once_one_does__IDN_2_IDN_7(world: World) -> None:
    world.register()
    flow = world.forgot()
    world.recover(flow, "send")
    code = world.code()
    answers = world.at_once([lambda: world.prove(flow, code)] * 8)
    assert Counter(answer.status_code for answer in answers) == {204: 1, 409: 7}


def test_of_many_who_set_a_password_at_once_one_does__IDN_7(world: World) -> None:
    world.register()
    flow = proven(world)
    wished = [f"brisk-willow-anchor-{number}" for number in range(8)]
    answers = world.at_once(
        [lambda each=each: world.recover(flow, "password", {"new_password": each}) for each in wished]  # type: ignore[misc]
    )
    assert Counter(answer.status_code for answer in answers) == {204: 1, 404: 7}
    (set_,) = [each for each, answer in zip(wished, answers, strict=True) if answer.status_code == 204]
    assert signs_in_with(world, set_)
    assert len(world.events(PASSWORD_RECOVERED)) == 1


@pytest.mark.parametrize("user_id", ["newperson", NOBODY])
def test_one_code_is_sent_however_often_it_is_asked_for_at_once__IDN_2(world: World, user_id: str) -> None:
    """By several clients, in several processes: for nobody as for somebody."""
    world.register()
    flows = [world.forgot(user_id) for _ in range(8)]
    answers = world.at_once([lambda flow=flow: world.recover(flow, "send") for flow in flows])  # type: ignore[misc]
    assert Counter(answer.status_code for answer in answers) == {202: 1, 429: 7}


def test_wrong_proofs_at_once_are_all_counted__IDN_2_IDN_9(world: World) -> None:
    world.register()
    flow = world.forgot()
    world.recover(flow, "send")
    code = world.code()
    answers = world.at_once([lambda: world.prove(flow, code, answer=NO_ANSWER)] * 12)
    assert Counter(answer.status_code for answer in answers) == {422: 4, 429: 8}
    assert world.prove(flow, code).status_code == 429


def test_recovered_and_signed_in_at_once_leaves_no_session_of_the_old_password__IDN_7(world: World) -> None:
    world.register()
    step = world.begin("newperson")
    world.send(step)
    code = world.code()
    world.clock.advance(minutes=2)
    flow = proven(world)
    signed_in, recovered = world.at_once([lambda: world.verify(step, code), lambda: world.recover(flow, "password")])
    assert recovered.status_code == 204
    assert signed_in.status_code in {200, 404}
    if signed_in.status_code == 200:
        assert world.get("/me", signed_in.get_json()["access_token"]).status_code == 401


@pytest.mark.parametrize("table", ["session", "outbox"])
def test_a_recovery_that_fails_half_way_leaves_all_as_it_was__IDN_7(world: World, table: str) -> None:
    world.register()
    tokens = world.signed_in("newperson")
    world.clock.advance(minutes=2)
    flow = proven(world)
    with world.service.engine.begin() as connection:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" RENAME TO "{table}_away"')
    assert world.recover(flow, "password").status_code >= 500
    with world.service.engine.begin() as connection:
        connection.exec_driver_sql(f'ALTER TABLE "{table}_away" RENAME TO "{table}"')
    assert world.get("/me", tokens["access_token"]).status_code == 200
    assert signs_in_with(world, PASSWORD)
    assert world.recover(flow, "password").status_code == 204
    assert signs_in_with(world, RECOVERED)


def test_a_recovery_goes_on_in_another_process__IDN_7(world: World) -> None:
    """Killed after any step: what was answered holds, and nothing more."""
    world.register()
    flow = world.forgot()
    world.recover(flow, "send")
    code = world.code()
    for step in ("verify", "password"):
        world.service.engine.dispose()
        world.service = build(world.settings, world.clock)
        answer = world.prove(flow, code) if step == "verify" else world.recover(flow, "password")
        assert answer.status_code == 204
    assert signs_in_with(world, RECOVERED)


def test_a_repeated_call_is_one_call__IDN_7(world: World) -> None:
    world.register()
    flow = proven(world)
    path, body = f"/recovery/{flow['challenge']}/password", {"new_password": RECOVERED}
    headers = {"Idempotency-Key": "one", "X-Challenge-Secret": flow["challenge_secret"]}
    for _ in range(2):
        assert world.post(path, body, **headers).status_code == 204
    assert len(world.events(PASSWORD_RECOVERED)) == 1


def test_a_challenge_of_sign_in_recovers_nothing_nor_the_other_way__IDN_7(world: World) -> None:
    world.register()
    step, flow = world.begin("newperson"), world.forgot()
    assert world.recover(step, "send", {"method": "email"}).status_code == 404
    assert world.send(flow).status_code == 404
    assert world.verify(flow, "123456").status_code == 404


def test_a_weak_password_is_named_at_its_field__REG_7(world: World) -> None:
    world.register()
    flow = proven(world)
    answer = world.recover(flow, "password", {"new_password": "newperson-is-me"})
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [
        ("/new_password", "password_weak")
    ]
    assert world.recover(flow, "password").status_code == 204


def test_what_was_typed_stands_nowhere__IDN_16(world: World) -> None:
    typed = "hunter2secret"
    flow = world.forgot(typed)
    world.recover(flow, "send")
    world.prove(flow, "123456")
    remind(world, f"{typed}@typed.example")
    with world.service.engine.connect() as connection:
        rows = [connection.execute(table.select()).all() for table in (recoveries, failure_count)]
    assert all(rows)
    assert typed not in str(rows)
    assert flow["challenge_secret"] not in str(rows)
    assert world.events("identity.sign_in.failed.v1") == []


def test_a_user_id_is_sent_sealed_to_its_address__IDN_6(world: World) -> None:
    world.register()
    answer = remind(world, " Nora@PRACTICE.example")
    assert answer.status_code == 202
    (told,) = world.events(REMINDED)
    assert (told["user_id"], told["language"], told["site"]) == ("newperson", "es", "medical")
    opened = json.loads(unseal([NOTIFY], told["sealed"], reminder_place(told["reminder_id"])))
    assert opened == {"to": "nora@practice.example", "first_name": "Nora"}


def test_asking_for_a_user_id_answers_the_same_whatever_there_is__IDN_1_IDN_6(world: World) -> None:
    world.register()
    for _ in range(7):
        answers = [
            remind(world),
            remind(world, born="1980-02-28"),
            remind(world, "other@practice.example"),
            remind(world, "not an address"),
        ]
        shown = [
            (answer.status_code, answer.data, sorted(set(answer.headers.keys()) - {"X-Correlation-ID"}))
            for answer in answers
        ]
        assert all(each == shown[0] for each in shown)
        assert shown[0][0] == 202
    # Wrong dates of birth count, too: nobody finds out by guessing, and no mailbox is filled.
    assert len(world.events(REMINDED)) == 3


def test_of_several_accounts_each_user_id_is_sent__IDN_6(world: World) -> None:
    for user_id in ("newperson", "otherperson"):
        world.register(user_id)
    remind(world)
    assert sorted(told["user_id"] for told in world.events(REMINDED)) == ["newperson", "otherperson"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/recovery/user-id", {"email": "a@b.example"}),
        ("/recovery/user-id", {"email": "a@b.example", "date_of_birth": "29.2.1980"}),
        ("/recovery/password", {}),
        ("/recovery/password", {"user_id": "newperson", "password": "x"}),
    ],
)
def test_what_cannot_be_read_is_refused__IDN_6_IDN_7(world: World, path: str, body: dict[str, str]) -> None:
    assert world.post(path, body).status_code == 422


def test_what_is_over_is_purged_a_day_later__IDN_7(world: World) -> None:
    world.forgot(NOBODY)
    (errand,) = [each for each in world.service.errands if each.name == "purge"]
    errand.step()
    assert world.count(recoveries) == 1
    world.clock.advance(days=1, minutes=31)
    errand.step()
    assert world.count(recoveries) == 0
