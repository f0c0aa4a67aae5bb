"""What `api.md` promises of registration, over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.test import TestResponse

from chassis.kernel.ids import new_id
from tests.contract.registration.world import World, form

JOB_ROLES, QUESTIONS = 19, 12
SUBMITTED = "registration.registration.submitted.v1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(f"sqlite:///{tmp_path / 'registration.sqlite'}")
    yield made
    made.service.engine.dispose()


def faults(answer: TestResponse) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    return [(error["pointer"], error["code"]) for error in answer.json["errors"]]


@pytest.mark.parametrize("tin", ["223344556", "22-3344556", "22 3344556"])
def test_a_practice_of_the_directory__REG_2(world: World, tin: str) -> None:
    assert world.get(f"/practices/{tin}").json == {
        "tin": "223344556",
        "associated": True,
        "name": "OGYAM GEORGE Y MD",
        "lines": ["medical"],
    }


def test_a_practice_that_is_not_associated__REG_2(world: World) -> None:
    assert world.get("/practices/112233445").json == {
        "tin": "112233445",
        "associated": False,
        "name": None,
        "lines": [],
    }


@pytest.mark.parametrize("tin", ["12", "12E456789", "%0A23344556", "99999999999"])
def test_what_is_no_tin_is_refused__REG_2(world: World, tin: str) -> None:
    assert faults(world.get(f"/practices/{tin}")) == [("/tin", "tin_invalid")]


def test_looking_up_many_practices_is_limited__REG_2(tmp_path: Path) -> None:
    world = World(f"sqlite:///{tmp_path / 'limited.sqlite'}", address_limits=True)
    answers = [world.get("/practices/112233445") for _ in range(121)]
    assert {answer.status_code for answer in answers[:120]} == {200}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].json is not None
    assert answers[-1].json["code"] == "too_many_attempts"


@pytest.mark.parametrize(
    ("path", "count", "code"),
    [("/job-roles", JOB_ROLES, "physician"), ("/security-questions", QUESTIONS, "wedding_place")],
)
def test_what_there_is_to_choose_from__REG_5_REG_8(world: World, path: str, count: int, code: str) -> None:
    told = world.get(path).json
    assert told is not None
    assert told["next"] is None
    assert len(told["items"]) == count
    assert code in {item["code"] for item in told["items"]}
    assert all(item["title"] for item in told["items"])


def test_submit_answers_as_promised__REG_9(world: World) -> None:
    body = form(tins=[{"tin": "22-3344556"}, {"tin": "112233445", "nominate": "self"}])
    answer = world.post("/registrations", body)
    assert answer.status_code == 201, answer.text
    told = answer.json
    assert told is not None
    assert set(told) == {"id", "user_id", "requests", "open_today"}
    assert told["user_id"] == "zoe.obrien"
    assert told["open_today"] == ["resources"]
    first, second = told["requests"]
    assert first | {"id": None} == {
        "id": None,
        "tin": "223344556",
        "line": "medical",
        "state": "unconfirmed",
        "practice": "OGYAM GEORGE Y MD",
        "manager_count": 0,
    }
    assert second["practice"] is None


def test_what_is_submitted_is_told_to_the_others__REG_9(world: World) -> None:
    nominee = {"first_name": "Ana", "last_name": "Lee", "email": "ana@example.com"}
    body = form(tins=[{"tin": "987654321", "nominate": nominee}, {"tin": "112233445"}])
    told = world.post("/registrations", body, **{"X-Correlation-ID": "my-correlation-7"}).json
    (event,) = world.published(SUBMITTED)
    assert told is not None
    assert (event["registration_id"], event["user_id"]) == (told["id"], "zoe.obrien")
    assert [request["request_id"] for request in event["requests"]] == [request["id"] for request in told["requests"]]
    assert [(request["associated"], request["nominate"]) for request in event["requests"]] == [
        (True, "other"),
        (False, None),
    ]
    assert event["person"]["phone"] == "+18605550142"
    assert event["person"]["nominees"] == [{"tin": "987654321", "line": "medical", **nominee}]
    assert (event["site"], event["language"], event["no_tin"]) == ("medical", "en", False)


def test_nothing_of_the_credentials_is_kept__REG_9(world: World) -> None:
    assert world.post("/registrations", form(), "a-key-of-mine").status_code == 201
    assert world.post("/registrations", form("zoe.second", profile={}), "another-key").status_code == 422
    kept = world.everything_kept()
    assert "zoe@example.com" in kept
    for secret in ("Falcon", "Schn", "Gallen", "1984-05-17"):
        assert secret not in kept


def test_the_same_submit_again_gives_the_same_answer__REG_9(world: World) -> None:
    first = world.post("/registrations", form(), "key-1")
    again = world.post("/registrations", form(), "key-1")
    assert (again.status_code, again.json) == (201, first.json)
    assert len(world.published(SUBMITTED)) == 1
    assert [path for path, _ in world.identity.calls] == ["/internal/v1/reservations"]


def test_twice_at_once_registers_once__REG_9(world: World) -> None:
    both_are_in = threading.Barrier(2, timeout=60)
    world.identity.before_answering = both_are_in.wait
    answers: list[TestResponse] = []
    threads = [
        threading.Thread(target=lambda: answers.append(world.post("/registrations", form(), "key-1"))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(world.published(SUBMITTED)) == 1
    ids = {body["registration_id"] for _, body in world.identity.calls}
    assert len(ids) == 1


def test_a_kill_after_reserving_is_healed_by_repeating__REG_9(world: World) -> None:
    def killed() -> None:
        world.identity.before_answering = lambda: None
        body = world.identity.calls[-1][1]
        world.identity.reserved[body["user_id"].lower()] = body["registration_id"]
        raise httpx.ReadError("killed")

    world.identity.answers = [httpx.ReadError("gone"), httpx.ReadError("gone")]
    assert world.post("/registrations", form(), "key-1").status_code == 503
    world.identity.before_answering = killed
    answer = world.post("/registrations", form(), "key-1")
    assert answer.status_code == 201, answer.text
    assert len({body["registration_id"] for _, body in world.identity.calls}) == 1
    assert len(world.published(SUBMITTED)) == 1


def test_a_taken_user_id_is_a_conflict_with_suggestions__REG_6(world: World) -> None:
    assert world.post("/registrations", form()).status_code == 201
    answer = world.post("/registrations", form("ZOE.obrien"))
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["code"] == "user_id_taken"
    assert answer.json["suggestions"] == ["one", "two", "three"]
    assert len(world.published(SUBMITTED)) == 1


def test_all_faults_at_once_by_pointer__REG_9(world: World) -> None:
    refused = {"faults": [{"pointer": "/password", "code": "password_weak", "detail": "x"}], "suggestions": []}
    world.identity.answers = [httpx.Response(200, json=refused)]
    body = form(tins=[{"tin": "12"}, {"tin": "223344556", "line": "dental"}, {}], practice_type=["medical", "x"])
    body["profile"] |= {"email": "nobody", "address": {"city": "Hartford"}}
    del body["profile"]["last_name"]
    del body["date_of_birth"]
    assert set(faults(world.post("/registrations", body))) == {
        ("/practice_type/1", "practice_type_unknown"),
        ("/tins/0/tin", "tin_invalid"),
        ("/tins/2/tin", "tin_invalid"),
        ("/profile/last_name", "required"),
        ("/profile/address/line1", "required"),
        ("/profile/address/state", "required"),
        ("/profile/address/zip", "required"),
        ("/profile/email", "email_invalid"),
        ("/date_of_birth", "required"),
        ("/password", "password_weak"),
    }


def test_faults_that_identity_alone_finds_keep_their_pointers__REG_7(world: World) -> None:
    problem = {
        "code": "invalid",
        "errors": [{"pointer": "/password", "code": "password_weak", "detail": "It is common."}],
    }
    world.identity.answers = [httpx.Response(422, json=problem)]
    assert faults(world.post("/registrations", form())) == [("/password", "password_weak")]
    assert world.published(SUBMITTED) == []


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"is_admin": True}, "/is_admin", "unknown_field"),
        ({"tins": [{"tin": "223344556", "level": "primary"}]}, "/tins/0/level", "unknown_field"),
        ({"tins": [{"tin": 223344556}]}, "/tins/0/tin", "invalid"),
        ({"tins": [{"tin": "223344556", "nominate": "me"}]}, "/tins/0/nominate", "nominate_invalid"),
        ({"tins": [{"tin": "223344556", "nominate": {"name": "x"}}]}, "/tins/0/nominate/name", "unknown_field"),
        ({"no_tin": "yes"}, "/no_tin", "invalid"),
        ({"no_tin": 1}, "/no_tin", "invalid"),
        ({"user_id": None}, "/user_id", "null"),
        ({"practice_type": "medical"}, "/practice_type", "invalid"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/registrations", "/registrations/preview"])
def test_what_has_another_shape_is_refused__REG_9(
    world: World, path: str, change: dict[str, Any], pointer: str, code: str
) -> None:
    assert faults(world.post(path, form(**change))) == [(pointer, code)]
    assert world.identity.calls == []


def test_a_form_has_a_size_limit__OPS_8(world: World) -> None:
    assert world.post("/registrations", form(password="x" * 70_000)).status_code == 413
    many = world.post("/registrations/preview", {"tins": [{"tin": "223344556"}] * 900, "practice_type": ["x"] * 900})
    assert many.status_code == 200
    assert many.json is not None
    assert len(many.json["errors"]) == 100 + 49 + 100


def test_preview_takes_any_part_and_answers_200__REG_9(world: World) -> None:
    assert world.post("/registrations/preview", {}).json == {"tins": [], "errors": [], "suggestions": []}
    body = {"practice_type": ["behavioral", "medical"], "tins": [{"tin": "12-3456789"}, {"tin": "x"}]}
    answer = world.post("/registrations/preview", body)
    assert answer.status_code == 200
    told = answer.json
    assert told is not None
    assert told["tins"][0] == {
        "tin": "123456789",
        "associated": True,
        "name": "State Medical Center",
        "lines_offered": ["medical", "behavioral"],
        "line": None,
        "manager_count": 0,
    }
    assert told["tins"][1]["tin"] is None
    assert [(each["pointer"], each["code"]) for each in told["errors"]] == [
        ("/tins/1/tin", "tin_invalid"),
        ("/tins/0/line", "line_required"),
    ]
    assert world.identity.calls == []


def test_preview_tells_what_identity_says__REG_6(world: World) -> None:
    taken = {"pointer": "/user_id", "code": "user_id_taken", "detail": "Taken."}
    world.identity.answers = [httpx.Response(200, json={"faults": [taken], "suggestions": ["a", "b", "c"]})]
    told = world.post("/registrations/preview", {"user_id": "geogym1"}).json
    assert told == {"tins": [], "errors": [taken], "suggestions": ["a", "b", "c"]}
    assert world.identity.calls == [
        ("/internal/v1/reservations/check", {"user_id": "geogym1", "site": "medical", "language": "en"})
    ]


def test_while_identity_is_down_submit_is_a_clear_503__REG_9(world: World) -> None:
    world.identity.answers = [httpx.ConnectError("refused")] * 2
    answer = world.post("/registrations", form())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json is not None
    assert answer.json["code"] == "unavailable"
    assert len(world.identity.calls) == 2
    assert world.published(SUBMITTED) == []


def test_one_repeat_gets_over_a_short_failure__REG_9(world: World) -> None:
    world.identity.answers = [httpx.ReadTimeout("slow")]
    assert world.post("/registrations", form()).status_code == 201


def test_the_breaker_spares_an_identity_that_is_down__REG_9(world: World) -> None:
    world.identity.answers = [httpx.ConnectError("refused")] * 1000
    for _ in range(8):
        assert world.post("/registrations", form()).status_code == 503
    assert len(world.identity.calls) == 10


def test_what_identity_is_busy_for_is_passed_on__REG_9(world: World) -> None:
    world.identity.answers = [httpx.Response(503, headers={"Retry-After": "9"}, json={"code": "unavailable"})]
    answer = world.post("/registrations", form())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "9")


def test_applicants_read_their_own_registration_alone__REG_10(world: World) -> None:
    made = world.post("/registrations", form()).json
    assert made is not None
    path = f"/registrations/{made['id']}"
    own = world.get(path, "zoe.obrien").json
    assert own is not None
    assert own["requests"] == made["requests"]
    assert (own["state"], own["no_tin"], own["practice_type"]) == ("unconfirmed", False, ["medical"])
    assert world.get(path).status_code == 401
    for stranger in ("mmartin5", "support1"):
        assert world.get(path, stranger).status_code == 404
    assert world.get(f"/registrations/{new_id()}", "zoe.obrien").status_code == 404
    assert world.get("/registrations/1", "zoe.obrien").status_code == 404


def opened(world: World, request_id: str, **changes: Any) -> None:
    data: dict[str, Any] = {
        "request_id": request_id,
        "registration_id": None,
        "user_id": "zoe.obrien",
        "tin": "987654321",
        "line": "medical",
        "practice": "Jane Doe MD",
        "state": "no_manager",
        "since": world.clock.now().isoformat(),
        "managers": [],
        "person": {"first_name": "Zoë", "last_name": "O’Brien", "email": "zoe@example.com", "phone": None},
    }
    world.hear("entitlements.request.opened.v1", f"request/{request_id}", data | changes)


def test_states_and_managers_follow_the_events__REG_10(world: World) -> None:
    made = world.post("/registrations", form()).json
    assert made is not None
    world.account("zoe.obrien", registration_id=made["id"])
    opened(world, made["requests"][0]["id"], tin="223344556", state="awaiting")
    managers = {"tin": "223344556", "line": "medical", "by": "x", "managers": ["geogym1", "mmartin5"], "requests": []}
    world.hear("entitlements.manager.added.v1", "practice/223344556", managers)
    own = world.get(f"/registrations/{made['id']}", "zoe.obrien").json
    assert own is not None
    assert own["state"] == "confirmed"
    assert own["requests"][0] | {"id": None} == {
        "id": None,
        "tin": "223344556",
        "line": "medical",
        "state": "awaiting",
        "practice": "OGYAM GEORGE Y MD",
        "manager_count": 2,
    }


def test_support_sees_cases_and_nobody_else_does__REG_13(world: World) -> None:
    opened(world, str(new_id()))
    opened(world, str(new_id()))
    listed = world.get("/outreach", "support1", state="open").json
    assert listed is not None
    (case,) = listed["items"]
    assert listed["next"] is None
    assert (case["tin"], case["line"], case["practice"], case["state"]) == (
        "987654321",
        "medical",
        "Jane Doe MD",
        "open",
    )
    assert (case["reason"], case["waiting"], case["attempts"]) == ("request_without_manager", 2, [])
    assert case["requests"][0]["first_name"] == "Zoë"
    assert world.get("/outreach/987654321", "support1").json == {"items": [case], "next": None}
    assert len(world.published("registration.outreach.opened.v1")) == 1
    for path in ("/outreach", "/outreach/987654321"):
        assert world.get(path).status_code == 401
        assert world.get(path, "mmartin5").status_code == 404
    assert world.get("/outreach/123456789", "support1").status_code == 404


def test_cases_are_overdue_after_ten_days_and_come_in_pages__REG_13(world: World) -> None:
    for number in range(3):
        opened(world, str(new_id()), tin=f"{number:09d}")
    world.clock.advance(days=10)
    opened(world, str(new_id()))
    assert world.get("/outreach", "support1", state="open").json["items"][0]["tin"] == "987654321"  # type: ignore[index]
    found, cursor = [], ""
    while True:
        query = {"state": "overdue", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        told = world.get("/outreach", "support1", **query).json
        assert told is not None
        found += [(item["tin"], item["state"]) for item in told["items"]]
        cursor = told["next"]
        if cursor is None:
            break
    assert sorted(found) == [(f"{number:09d}", "overdue") for number in range(3)]
    assert world.get("/outreach", "support1", state="nonsense").status_code == 422
