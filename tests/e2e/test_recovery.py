"""A forgotten user ID and a forgotten password, from outside: by the mails that come, to the end of every session."""

from __future__ import annotations

from typing import Any

import httpx

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment
from tests.e2e.people import Person

RECOVERY = "/api/identity/v1/recovery"
BORN = "1984-05-17"
NEW = "brisk-Willow-anchors-4"
EVIL = "evil.example"
FORGED = {
    "Host": EVIL,
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-For": EVIL,
    "X-Wardenry-Site": EVIL,
    "Forwarded": f"host={EVIL};proto=gopher",
    "Origin": f"https://{EVIL}",
    "Referer": f"https://{EVIL}/",
}


def somebody(deployment: Deployment, user_id: str) -> Person:
    person = Person(deployment, user_id)
    assert person.register([{"tin": "123456789", "line": "medical"}]).status_code == 201
    assert person.confirm().status_code == 204
    return person


def step(person: Person, flow: dict[str, Any], name: str, body: dict[str, Any]) -> httpx.Response:
    secret = {"X-Challenge-Secret": flow["challenge_secret"]}
    return person.post(f"{RECOVERY}/{flow['challenge']}/{name}", body, headers=secret)


def test_a_user_id_comes_by_mail_and_by_nothing_else__IDN_6(deployment: Deployment) -> None:
    person = somebody(deployment, "forgets.name")
    for born in ("1984-05-18", BORN):
        answer = person.post(f"{RECOVERY}/user-id", {"email": person.email, "date_of_birth": born})
        assert answer.status_code == 202
        assert person.user_id not in answer.text
    eventually(lambda: "user_id_reminder" in person.notices())
    (mail,) = [mail for mail in deployment.mails(person.email) if mail["notice"] == "user_id_reminder"]
    assert person.user_id in mail["text"]


def test_no_mail_of_a_recovery_leads_where_a_forged_host_says__IDN_6_IDN_7(deployment: Deployment) -> None:
    person = somebody(deployment, "forged.host")
    asked = {"email": person.email, "date_of_birth": BORN}
    assert person.post(f"{RECOVERY}/user-id", asked, headers=FORGED).status_code == 202
    flow = person.post(f"{RECOVERY}/password", {"user_id": person.user_id}, headers=FORGED).json()
    secret = {"X-Challenge-Secret": flow["challenge_secret"]}
    body = {"method": flow["methods"][0]["id"]}
    sent = person.post(f"{RECOVERY}/{flow['challenge']}/send", body, headers=FORGED | secret)
    assert sent.status_code == 202, sent.text
    eventually(lambda: {"user_id_reminder", "sign_in_code"} <= set(person.notices()), within=60)
    written = str(deployment.mails(person.email))
    assert "http://" in written
    assert EVIL not in written
    assert "gopher" not in written


def test_a_new_password_ends_every_session_everywhere__IDN_7_IDN_10(deployment: Deployment) -> None:
    person = somebody(deployment, "forgets.word")
    person.sign_in()
    client = Person(deployment, person.user_id)
    begun = client.post(f"{RECOVERY}/password", {"user_id": "Forgets.Word"})
    assert begun.status_code == 200, begun.text
    flow = begun.json()
    earlier = person.notices().count("sign_in_code")
    assert step(client, flow, "send", {"method": flow["methods"][0]["id"]}).status_code == 202
    proofs = {
        "code": person.code("sign_in_code", after=earlier),
        "date_of_birth": BORN,
        "answer": {"question": "first_pet", "text": "schnurli"},
    }
    assert step(client, flow, "verify", proofs).status_code == 204
    assert person.get("/api/entitlements/v1/me/access").status_code == 200
    assert step(client, flow, "password", {"new_password": NEW}).status_code == 204

    assert person.get("/api/identity/v1/me").status_code == 401
    for service in ("entitlements/v1/me/access", "notify/v1/me/messages"):
        eventually(lambda path=service: person.get(f"/api/{path}").status_code == 401, within=60)  # type: ignore[misc]
    assert person.refresh().status_code == 400
    old = {"user_id": person.user_id, "password": person.password}
    assert client.post("/api/identity/v1/sign-in", old).status_code == 401
    assert client.post("/api/identity/v1/sign-in", {**old, "password": NEW}).status_code == 200
    eventually(lambda: "password_changed" in person.notices())
