"""Nobody learns from an answer which accounts exist: status, headers and body are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from services.identity.adapters.tables import failure_count
from tests.integration.identity.world import PASSWORD, WRONG, World, registration

_OWN_TO_EACH_CALL = {"X-Correlation-ID"}


def seen(answer: TestResponse) -> tuple[int, Mapping[str, str], dict[str, Any]]:
    headers = {name: value for name, value in answer.headers.items() if name not in _OWN_TO_EACH_CALL}
    body = dict(answer.get_json())
    body.pop("correlation_id", None)
    return answer.status_code, headers, body


def test_sign_in_answers_the_same_for_known_and_unknown__IDN_1_IDN_9(world: World) -> None:
    for attempt in range(13):
        known, unknown = (
            seen(world.post("/sign-in", {"user_id": user_id, "password": WRONG}))
            for user_id in ("mmartin5", "nobody55")
        )
        assert known == unknown
        assert known[0] == (401 if attempt < 4 else 429)
    assert world.post("/sign-in", {"user_id": "mmartin5", "password": PASSWORD}).status_code == 429


def test_confirming_answers_the_same_for_known_and_unknown__IDN_1_IDN_2(world: World) -> None:
    body = registration()
    assert world.internal("/reservations", body).status_code == 201
    submitted = {"registration_id": body["registration_id"], "user_id": "newperson"}
    world.deliver(
        "registration.registration.submitted.v1", f"registration/{body['registration_id']}", submitted | {"more": 1}
    )
    wrong = str((int(world.code()) + 1) % 10**6).zfill(6)
    for attempt in range(7):
        answers = [
            seen(world.post(f"/accounts/{user_id}/confirm", {"code": wrong}))
            for user_id in ("newperson", "nobody55", "mmartin5", "no%20such%20id")
        ]
        assert all(answer == answers[0] for answer in answers)
        assert answers[0][0] == (422 if attempt < 5 else 429)


def test_sending_again_answers_the_same_for_known_and_unknown__IDN_1(world: World) -> None:
    for _ in range(6):
        known, unknown = (
            seen(world.post(f"/accounts/{user_id}/confirm/send", {"password": WRONG, "email": "x@y.example"}))
            for user_id in ("mmartin5", "nobody55")
        )
        assert known == unknown


def test_a_manager_who_resets_cannot_tell_the_unseen_from_the_unknown__IDN_1_IDN_8(world: World) -> None:
    world.register("elsewhere")
    world.holds("elsewhere", "223344556", "medical", "processor")
    world.holds("mmartin5", "123456789", "medical", "primary")
    token = world.signed_in()["access_token"]
    unseen, unknown, ill_formed = (
        seen(world.act(token, f"/accounts/{user_id}/password-reset"))
        for user_id in ("elsewhere", "nobody55", "no%20such%20id")
    )
    assert unseen == unknown == ill_formed
    assert unseen[0] == 404


def test_a_manager_who_vouches_cannot_tell_the_unseen_from_the_unknown__IDN_1_IDN_17(world: World) -> None:
    world.register("elsewhere")
    world.holds("elsewhere", "223344556", "medical", "processor")
    world.holds("mmartin5", "123456789", "medical", "primary")
    token = world.signed_in()["access_token"]
    body = {"email": "new@practice.example", "reason": "I know them."}
    unseen, unknown, ill_formed = (
        seen(world.act(token, f"/accounts/{user_id}/vouch", body))
        for user_id in ("elsewhere", "nobody55", "no%20such%20id")
    )
    assert unseen == unknown == ill_formed
    assert unseen[0] == 404


def test_a_vouched_address_is_asked_for_alike_by_known_and_unknown__IDN_1_IDN_17(world: World) -> None:
    for attempt in range(7):
        answers = [
            seen(world.post(f"/accounts/{user_id}/vouched-contact/{what}", body))
            for what, body in (("send", None), ("verify", {"code": "123456"}))
            for user_id in ("mmartin5", "nobody55", "no%20such%20id")
        ]
        assert answers[0] == answers[1] == answers[2]
        assert answers[3] == answers[4] == answers[5]
        assert answers[0][0] == (429 if attempt else 202)


def test_no_token_tells_whether_there_is_something_to_stop__IDN_1_IDN_17(world: World) -> None:
    answers = [seen(world.post("/vouchings/stop", {"token": token})) for token in ("", "x" * 43, "mmartin5")]
    assert [status for status, _, _ in answers] == [404, 404, 404]
    assert answers[0] == answers[1] == answers[2]


def test_what_was_typed_as_a_user_id_stands_nowhere__IDN_16(world: World) -> None:
    typed = "hunter2secret"
    world.post("/sign-in", {"user_id": typed, "password": WRONG})
    world.post(f"/accounts/{typed}/confirm", {"code": "123456"})
    with world.service.engine.connect() as connection:
        rows = connection.execute(failure_count.select()).all()
    assert len(rows) == 2
    assert typed not in str(rows)
    assert world.events("identity.sign_in.failed.v1") == []


def test_a_challenge_without_its_secret_is_not_there__IDN_1(world: World) -> None:
    step = world.begin()
    body = {"method": step["methods"][0]["id"]}
    answers = [
        seen(world.post(f"/sign-in/{step['challenge']}/send", body)),
        seen(world.post(f"/sign-in/{step['challenge']}/send", body, X_Challenge_Secret="x" * 43)),
        seen(world.post("/sign-in/00000000-0000-7000-8000-000000000000/send", body, X_Challenge_Secret="x" * 43)),
    ]
    assert [status for status, _, _ in answers] == [404, 404, 404]
    assert answers[0] == answers[1] == answers[2]
