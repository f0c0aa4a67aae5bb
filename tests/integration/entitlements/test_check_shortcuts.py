"""A plain question gets ahead of the framework the answer that it would get from it (ENT-10)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, text

from chassis.db.sessions import remember_ended_session
from tests.integration.entitlements.world import OURS, PATH, World

ONE = {"user_id": "sally", "function": "claim_status", "tin": OURS, "line": "medical"}
PLAIN, LEFT_TO_THE_FRAMEWORK = "application/json", "application/json;charset=UTF-8"

BODIES: list[tuple[str, Any]] = [
    ("/check", ONE),
    ("/check", ONE | {"function": "eft_view"}),
    ("/check", ONE | {"user_id": "SALLY"}),
    ("/check", ONE | {"user_id": "nobody"}),
    ("/check", ONE | {"tin": "12345678"}),
    ("/check", ONE | {"more": 1}),
    ("/check", {"user_id": "sally", "function": "resources"}),
    ("/check", ONE | {"user_id": "sa\0lly"}),
    ("/check", [ONE]),
    ("/check/batch", {"checks": [ONE, ONE | {"function": "eft_view"}, ONE | {"line": "dental"}]}),
    ("/check/batch", {"checks": [ONE, ONE | {"user_id": "mary"}]}),
    ("/check/batch", {"checks": []}),
    ("/check/batch", {"checks": [ONE] * 1001}),
    ("/check/batch", {"checks": [ONE], "more": 1}),
    ("/check/batch", ONE),
    ("/check/batch", None),
]


@pytest.fixture
def sally(world: World) -> World:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    for user_id in ("mary", "sally"):
        world.account(user_id)
    world.give("sally", "processor", "claim_status")
    return world


def told(world: World, token: str | None, call: tuple[str, Any], content_type: str) -> Any:
    """Status, headers and body; the correlation ID, which the caller names, among them."""
    path, body = call
    headers = {"X-Correlation-ID": "c-17", "Content-Type": content_type}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    answer = world.service.app.test_client().post(PATH + path, headers=headers, data=world.service.app.json.dumps(body))
    return answer.status_code, sorted(answer.headers.items()), answer.data


def test_it_is_the_answer_of_the_framework__ENT_10(sally: World) -> None:
    with sally.service.engine.begin() as connection:
        remember_ended_session(connection, "session-of-mary", sally.clock.now())
    tokens = (
        *(sally.client_token(*scopes) for scopes in (("entitlements.check",), ())),
        *(sally.token(user_id) for user_id in ("sally", "mary")),
        *("forged.in.vain", None),
    )
    statuses = set()
    for token in tokens:
        for call in BODIES:
            quick, slow = (told(sally, token, call, each) for each in (PLAIN, LEFT_TO_THE_FRAMEWORK))
            assert quick == slow, call
            statuses.add(quick[0])
    assert statuses == {200, 401, 403, 422}


def test_a_repeats_key_a_query_and_another_body_are_left_to_the_framework__ENT_10(sally: World) -> None:
    client, headers = sally.service.app.test_client(), {"Authorization": f"Bearer {sally.token('sally')}"}
    answers = [client.post(f"{PATH}/check", json=ONE, headers=headers | {"Idempotency-Key": "once"}) for _ in range(2)]
    assert [each.headers.get("Idempotency-Replayed") for each in answers] == [None, "true"]
    assert client.post(f"{PATH}/check?more=1", json=ONE, headers=headers).status_code == 422
    assert client.post(f"{PATH}/check", data="user_id=sally", headers=headers).status_code == 415
    assert client.post(f"{PATH}/check", data=b"{", content_type=PLAIN, headers=headers).status_code == 400
    assert client.post(f"{PATH}/check", data=b" " * 2**21, content_type=PLAIN, headers=headers).status_code == 413
    assert client.get(f"{PATH}/check", headers=headers).status_code == 405


def test_a_change_shows_in_the_next_answer__ENT_10(sally: World) -> None:
    for _ in range(2):
        _rename(sally.service.engine, "claim_status", "claim_other")
        assert sally.check("sally", "claim_status") == (False, "not_granted")
        _rename(sally.service.engine, "claim_other", "claim_status")
        assert sally.check("sally", "claim_status") == (True, "granted")


def _rename(engine: Engine, old: str, new: str) -> None:
    """As another process would."""
    with engine.begin() as connection:
        changed = text("UPDATE access SET functions = :new WHERE functions = :old")
        if engine.dialect.name == "postgresql":
            changed = text("UPDATE access SET functions = CAST(:new AS jsonb) WHERE functions = CAST(:old AS jsonb)")
        assert connection.execute(changed, {"new": f'["{new}"]', "old": f'["{old}"]'}).rowcount == 1


def test_a_database_that_fails_is_told_as_everywhere__OPS_8(sally: World) -> None:
    with sally.service.engine.begin() as connection:
        connection.execute(text("ALTER TABLE suspension RENAME TO elsewhere"))
    token = sally.client_token("entitlements.check")
    status, headers, body = told(sally, token, BODIES[0], PLAIN)
    assert (status, headers) == told(sally, token, BODIES[0], LEFT_TO_THE_FRAMEWORK)[:2]
    assert status in {500, 503}
    assert b"sally" not in body
